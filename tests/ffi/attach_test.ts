import assert from "node:assert/strict";
import { AttachPlace } from "../support/attach_place.ts";
import { parseMac } from "../../core/addr/parse_mac.ts";
import { attachBalancer, type AttachOptions, detachBalancer } from "../../ffi/attach.ts";
import { DataplaneError } from "../../ffi/errors.ts";
import { interfaceIndex, interfaceName } from "../../ffi/interfaces.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { Pins } from "../../ffi/pins.ts";
import { upgradeBalancer } from "../../ffi/upgrade.ts";
import { queryXdp } from "../../ffi/xdp_query.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { rootTest } from "../support/root_test.ts";
import { VethPair } from "../support/veth.ts";

rootTest("attachBalancer() leaves a balancer that outlives it", async () => {
  using place = await AttachPlace.create();
  const { ifindex, mode, fallback } = attachBalancer(place.options());
  assert.deepEqual([ifindex, mode, fallback], [interfaceIndex(place.veth.name), "native", null]);
  assert.deepEqual(Pins.list(place.bpffs.path), ["main"]);
  using dataplane = KernelDataplane.open("main", place.bpffs.path);
  const { name, ifname, mode: kept, version, attached_at } = dataplane.maps.info.get();
  assert.deepEqual([name, ifname, kept, version], ["main", place.veth.name, "native", "9.8.7"]);
  assert.ok(Math.abs(Number(attached_at) - Date.now() / 1000) < 60);
  assert.equal(dataplane.maps.settings.conn_rate, 77);
  assert.deepEqual(dataplane.maps.host.get().gateway_mac, parseMac("02:00:00:00:00:01"));
  assert.deepEqual(queryXdp(ifindex).map(({ name, mode }) => [name, mode]), [[
    "weir_lb",
    "native",
  ]]);
});

rootTest("detachBalancer() leaves nothing", async () => {
  using place = await AttachPlace.create();
  const { ifindex } = attachBalancer(place.options());
  detachBalancer("main", place.bpffs.path);
  assert.deepEqual(queryXdp(ifindex), []);
  assert.deepEqual(Pins.list(place.bpffs.path), []);
  assert.throws(() => Deno.statSync(`${place.bpffs.path}/weir`), Deno.errors.NotFound);
  assert.throws(() => detachBalancer("main", place.bpffs.path), {
    message: 'Cannot find balancer "main": no balancer is attached; attach one with "weir attach"',
  });
});

rootTest("attachBalancer() runs on loopback in generic mode, and says why", async () => {
  using place = await AttachPlace.create();
  const { mode, fallback } = attachBalancer(place.options({ ifname: "lo" }));
  detachBalancer("main", place.bpffs.path);
  assert.equal(mode, "generic");
  assert.equal(fallback?.errnoName, "EOPNOTSUPP");
  assert.throws(() => attachBalancer(place.options({ ifname: "lo", mode: "native" })), {
    message: /the driver has no native XDP, try --mode generic$/,
  });
  assert.deepEqual(queryXdp(interfaceIndex("lo")), []);
});

rootTest("attachBalancer() falls back where the MTU is too large for native XDP", async () => {
  using place = await AttachPlace.create(9000);
  const { mode, fallback } = attachBalancer(place.options());
  assert.deepEqual([mode, fallback?.errnoName], ["generic", "ERANGE"]);
});

rootTest("attachBalancer() refuses an interface that is taken, naming the program", async () => {
  using place = await AttachPlace.create();
  attachBalancer(place.options());
  const [{ id } = { id: 0 }] = queryXdp(interfaceIndex(place.veth.name));
  assert.throws(() => attachBalancer(place.options({ balancer: "second" })), (error: unknown) => {
    assert.ok(error instanceof DataplaneError);
    assert.match(error.message, new RegExp(`XDP program "weir_lb" with id ${id} is attached`));
    return true;
  });
  assert.throws(
    () => attachBalancer(place.options({ ifname: place.veth.peer })),
    /Cannot attach balancer "main": a balancer of this name is attached/,
  );
});

rootTest("attachBalancer() that fails leaves no rubbish", async () => {
  using place = await AttachPlace.create();
  const wrong: readonly Partial<AttachOptions>[] = [
    { ifname: "no-such-if" },
    { object: new Uint8Array(10) },
    { capacity: { maxVips: 0, maxReals: 10, maxFlows: 10 } },
    { mode: "offload" },
    { balancer: "../x" },
  ];
  for (const change of wrong) assert.throws(() => attachBalancer(place.options(change)));
  assert.throws(() => Deno.statSync(`${place.bpffs.path}/weir`), Deno.errors.NotFound);
});

rootTest("two balancers live on two interfaces", async () => {
  using place = await AttachPlace.create();
  attachBalancer(place.options());
  attachBalancer(place.options({ balancer: "second", ifname: place.veth.peer }));
  assert.deepEqual(Pins.list(place.bpffs.path), ["main", "second"]);
  detachBalancer("main", place.bpffs.path);
  assert.deepEqual(Pins.list(place.bpffs.path), ["second"]);
  using dataplane = KernelDataplane.open("second", place.bpffs.path);
  assert.equal(dataplane.readState().balancer, "second");
  assert.throws(() => KernelDataplane.open("main", place.bpffs.path), {
    message: 'Cannot find balancer "main": attached are "second"',
  });
});

rootTest("the interface of a balancer can vanish", async () => {
  using place = await AttachPlace.create();
  {
    using other = new VethPair();
    attachBalancer(place.options({ ifname: other.name }));
  }
  using link = new Pins("main", place.bpffs.path).openLink();
  assert.equal(link.info().xdp_ifindex, 0);
  assert.equal(interfaceName(0x7fffffff), null);
  detachBalancer("main", place.bpffs.path);
});

rootTest("upgradeBalancer() replaces program and settings, and keeps the maps", async () => {
  using place = await AttachPlace.create();
  const { ifindex } = attachBalancer(place.options());
  const before = queryXdp(ifindex)[0]?.id;
  using old = KernelDataplane.open("main", place.bpffs.path);
  old.write({ op: "sequence", sequence: 42 });
  upgradeBalancer({
    balancer: "main",
    object: await bpfObject("lb"),
    settings: { conn_rate: 78 },
    version: "9.8.8",
    bpffs: place.bpffs.path,
  });
  assert.notEqual(queryXdp(ifindex)[0]?.id, before);
  using now = KernelDataplane.open("main", place.bpffs.path);
  assert.equal(now.readState().sequence, 42);
  assert.deepEqual([now.maps.settings.conn_rate, now.maps.settings.path_mtu], [78, 0]);
  assert.equal(now.maps.info.get().version, "9.8.8");
  using program = new Pins("main", place.bpffs.path).openProgram();
  assert.equal(program.info().id, queryXdp(ifindex)[0]?.id);
  const left = [...Deno.readDirSync(`${place.bpffs.path}/weir/main/maps`)].map(({ name }) => name);
  assert.deepEqual(left.filter((name) => name.endsWith("_next")), []);
});

const MOMENTS: Readonly<Record<string, (balancer: string) => boolean>> = {
  "its directory is there": (balancer) => count(balancer) > 0,
  "a map is pinned": (balancer) => count(`${balancer}/maps`) > 0,
  "ten maps are pinned": (balancer) => count(`${balancer}/maps`) >= 10,
  "the program is pinned": (balancer) => count(balancer) >= 2,
  "the link is pinned": (balancer) => count(balancer) >= 3,
};
for (const [moment, reached] of Object.entries(MOMENTS)) {
  rootTest(`attachBalancer() killed when ${moment} leaves a whole balancer or none`, async () => {
    using place = await AttachPlace.create();
    const script = new URL("./attach_child.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", script, place.bpffs.path, place.veth.name],
      stdout: "null",
    }).spawn();
    await Promise.race([child.status, until(() => reached(`${place.bpffs.path}/weir/main`))]);
    kill(child);
    await child.status;
    const attached = queryXdp(interfaceIndex(place.veth.name)).length;
    assert.equal(Pins.list(place.bpffs.path).length, attached);
    if (attached === 0) attachBalancer(place.options());
    using dataplane = KernelDataplane.open("main", place.bpffs.path);
    assert.equal(dataplane.readState().balancer, "main");
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function count(directory: string): number {
  try {
    return [...Deno.readDirSync(directory)].length;
  } catch {
    return 0;
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It was faster.
  }
}
