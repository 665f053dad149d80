import assert from "node:assert/strict";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { packet } from "../../core/packet/build.ts";
import {
  attachDecap,
  type DecapOptions,
  detachDecap,
  readDecapCounters,
  setDecapAddresses,
} from "../../ffi/decap.ts";
import { interfaceIndex } from "../../ffi/interfaces.ts";
import { XDP_PASS } from "../../ffi/libbpf/kernel.gen.ts";
import { localAddresses } from "../../ffi/local_addresses.ts";
import { BpfProgram } from "../../ffi/bpf_program.ts";
import { queryXdp } from "../../ffi/xdp_query.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { TempBpffs } from "../support/bpffs.ts";
import { rootTest } from "../support/root_test.ts";
import { VethPair } from "../support/veth.ts";

const OWN = address("10.0.0.1");
const inner = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
const INNER_IP = { source: "192.0.2.1", destination: "10.200.1.1" };
const PORTS = { sourcePort: 31337, destinationPort: 80 };
const STRIPPED = inner.ipv4(INNER_IP).udp(PORTS).payload("x").bytes();

rootTest("attachDecap() strips what is addressed to the host, and counts it", async () => {
  using bpffs = new TempBpffs();
  using veth = new VethPair();
  const options = await decapOptions(bpffs, veth);
  const { mode } = attachDecap(options);
  assert.equal(mode, "native");
  using program = attached(veth);
  assert.deepEqual(program.testRun({ data: tunnelTo("10.0.0.1") }).data, STRIPPED);
  assert.deepEqual(program.testRun({ data: tunnelTo("10.0.0.2") }).data, tunnelTo("10.0.0.2"));
  const counters = readDecapCounters(veth.name, bpffs.path);
  assert.deepEqual([counters.get("ipip_v4"), counters.get("not_listed")], [1n, 1n]);
});

rootTest("setDecapAddresses() replaces the host's addresses", async () => {
  using bpffs = new TempBpffs();
  using veth = new VethPair();
  attachDecap(await decapOptions(bpffs, veth));
  using program = attached(veth);
  setDecapAddresses(veth.name, [address("10.0.0.2"), address("fc00::1")], bpffs.path);
  assert.deepEqual(program.testRun({ data: tunnelTo("10.0.0.2") }).data, STRIPPED);
  assert.deepEqual(program.testRun({ data: tunnelTo("10.0.0.1") }).data, tunnelTo("10.0.0.1"));
  assert.equal(program.testRun({ data: tunnelTo("10.0.0.1") }).verdict, XDP_PASS);
});

rootTest("detachDecap() leaves nothing", async () => {
  using bpffs = new TempBpffs();
  using veth = new VethPair();
  const options = await decapOptions(bpffs, veth);
  attachDecap(options);
  assert.throws(() => attachDecap(options), /XDP program "weir_decap" with id \d+ is attached/);
  detachDecap(veth.name, bpffs.path);
  assert.deepEqual(queryXdp(interfaceIndex(veth.name)), []);
  assert.throws(() => Deno.statSync(`${bpffs.path}/weir-decap`), Deno.errors.NotFound);
  assert.throws(() => readDecapCounters(veth.name, bpffs.path), {
    message: `Cannot find the decapsulation program on "${veth.name}": it is not attached there`,
  });
});

Deno.test("localAddresses() has no loopback and no link-local address", () => {
  for (const { text } of localAddresses()) assert.doesNotMatch(text, /^(127\.|::1$|fe[89ab])/);
});

async function decapOptions(bpffs: TempBpffs, veth: VethPair): Promise<DecapOptions> {
  return {
    ifname: veth.name,
    mode: "auto",
    object: await bpfObject("decap"),
    settings: {
      server_id: 0,
      gue_port: 6080,
      ipip: 1,
      gue: 1,
      any_destination: 0,
      per_vip: 0,
      compat_katran: 0,
    },
    addresses: [OWN],
    bpffs: bpffs.path,
  };
}

function attached(veth: VethPair): BpfProgram {
  const [program] = queryXdp(interfaceIndex(veth.name));
  return BpfProgram.byId(program?.id ?? 0);
}

function tunnelTo(destination: string): Uint8Array {
  return inner.ipv4({ source: "172.16.1.1", destination }).ipv4(INNER_IP).udp(PORTS)
    .payload("x").bytes();
}

function address(text: string) {
  return parseAddress(text) ?? assert.fail(text);
}
