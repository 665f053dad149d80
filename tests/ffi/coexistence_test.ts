/** Other XDP programs on the interface: refusing, replacing, running behind them. */
import assert from "node:assert/strict";
import { AttachPlace } from "../support/attach_place.ts";
import { packet } from "../../core/packet/build.ts";
import { attachBalancer, detachBalancer } from "../../ffi/attach.ts";
import { BpfLink } from "../../ffi/bpf_link.ts";
import { BpfObject } from "../../ffi/bpf_object.ts";
import { interfaceIndex } from "../../ffi/interfaces.ts";
import { Pins } from "../../ffi/pins.ts";
import { upgradeBalancer } from "../../ffi/upgrade.ts";
import { queryXdp } from "../../ffi/xdp_query.ts";
import { findClang, multiarchInclude } from "../../scripts/build_bpf.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { rootTest } from "../support/root_test.ts";

const PASS = new URL("../../dist/bpf/pass.bpf.o", import.meta.url).pathname;
const ROOT = new URL("../support/root.bpf.c", import.meta.url).pathname;
const XDP_PASS = 2;
const XDP_TX = 3;

rootTest("attachBalancer() takes the place of what netlink attached, when asked to", async () => {
  using place = await AttachPlace.create();
  await ip("link", "set", "dev", place.veth.name, "xdp", "object", PASS, "section", "xdp");
  assert.throws(() => attachBalancer(place.options()), /XDP program "weir_pass" with id \d+/);
  const { replaced } = attachBalancer(place.options({ replace: true }));
  assert.equal(replaced, "weir_pass");
  assert.deepEqual(place.programs(), ["weir_lb"]);
});

rootTest("attachBalancer() puts the other program back when it cannot attach", async () => {
  using place = await AttachPlace.create(9000);
  await ip("link", "set", "dev", place.veth.name, "xdpgeneric", "obj", PASS, "section", "xdp");
  const options = place.options({ replace: true, mode: "native" });
  assert.throws(() => attachBalancer(options), /ERANGE/);
  assert.deepEqual(place.programs(), ["weir_pass"]);
  assert.deepEqual(Pins.list(place.bpffs.path), []);
});

rootTest("attachBalancer() cannot replace what a bpf_link holds, and says so", async () => {
  using place = await AttachPlace.create();
  using object = BpfObject.open("pass", await bpfObject("pass"));
  object.load();
  using program = object.program("weir_pass");
  using _link = BpfLink.attach(program, interfaceIndex(place.veth.name), "native");
  assert.throws(
    () => attachBalancer(place.options({ replace: true })),
    /a bpf_link holds "weir_pass" with id \d+, and only its owner can let go; stop its owner/,
  );
  assert.deepEqual(place.programs(), ["weir_pass"]);
});

rootTest(
  "a chained balancer runs behind a root program, upgrades, and leaves its slot",
  async () => {
    using place = await AttachPlace.create();
    using root = await loadRoot();
    using array = root.map("root_array");
    const path = `${place.bpffs.path}/root_array`;
    array.pin(path);
    using program = root.program("root");
    const verdict = () => program.testRun({ data: PING }).verdict;
    assert.equal(verdict(), XDP_PASS);

    const { mode, ifindex } = attachBalancer(place.options({ chain: { path, slot: 2 } }));
    assert.equal(mode, "chained in slot 2");
    assert.deepEqual(queryXdp(ifindex), [], "nothing is attached to the interface");
    assert.equal(verdict(), XDP_TX, "weir answers a ping");
    const second = place.options({ balancer: "second", chain: { path, slot: 2 } });
    assert.throws(() => attachBalancer(second), /program "weir_lb" with id \d+ is in it/);
    assert.throws(
      () => attachBalancer(place.options({ balancer: "second", chain: { path, slot: 3 } })),
      /Cannot use slot 3 of ".*": it has 3 slots, 0 to 2/,
    );

    const { object } = place.options();
    const { bpffs } = place;
    const settings = { echo: 0 };
    upgradeBalancer({ balancer: "main", object, settings, version: "9.8.8", bpffs: bpffs.path });
    assert.equal(verdict(), XDP_PASS, "the new program answers no pings");
    detachBalancer("main", place.bpffs.path);
    assert.equal(verdict(), XDP_PASS);
    using hook = array;
    assert.equal(hook.lookup(new Uint8Array(Uint32Array.of(2).buffer)), null);
    assert.throws(() => Deno.statSync(`${place.bpffs.path}/weir`), Deno.errors.NotFound);
  },
);

const PING = packet().ethernet("02:00:00:00:00:02", "02:00:00:00:00:01")
  .ipv4({ source: "192.0.2.1", destination: "198.51.100.1" })
  .icmp({ type: 8 }).bytes();

async function loadRoot(): Promise<BpfObject> {
  const folder = await Deno.makeTempDir({ prefix: "weir-root-" });
  await using _ = { [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
  const path = `${folder}/root.bpf.o`;
  const flags = ["-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-Werror"];
  const args = [...flags, ...multiarchInclude(), "-c", ROOT, "-o", path];
  const { success, stderr } = await new Deno.Command(await findClang(), { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const object = BpfObject.open("root", await Deno.readFile(path));
  object.load();
  return object;
}

async function ip(...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("ip", { args: [...args] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}
