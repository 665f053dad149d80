import assert from "node:assert/strict";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { packet } from "../../core/packet/build.ts";
import { BpfProgram } from "../../ffi/bpf_program.ts";
import { encode } from "../../ffi/codec.ts";
import { interfaceIndex } from "../../ffi/interfaces.ts";
import * as kernel from "../../ffi/libbpf/kernel.gen.ts";
import {
  attachProbe,
  detachProbe,
  type ProbeOptions,
  readProbeCounters,
  setProbeReal,
} from "../../ffi/probe.ts";
import { queryEgress } from "../../ffi/tc_egress.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { TempBpffs } from "../support/bpffs.ts";
import { rootTest } from "../support/root_test.ts";
import { VethPair } from "../support/veth.ts";

const FRAME = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
  .ipv4({ source: "192.0.2.1", destination: "10.200.1.1" })
  .tcp({ sourcePort: 31337, destinationPort: 80 }).bytes();

rootTest("attachProbe() sends what has a real's mark to the real, and counts it", async () => {
  using bpffs = new TempBpffs();
  using veth = new VethPair();
  attachProbe(await probeOptions(bpffs, veth));
  const real = { addr: address("10.0.0.1").bytes, flags: 0 };
  setProbeReal(veth.name, 7, real, bpffs.path);
  using program = BpfProgram.byId(queryEgress(interfaceIndex(veth.name)) ?? 0);
  const marked = (mark: number) => program.testRun({ data: FRAME, context: skb(mark) });
  assert.equal(marked(0).verdict | 0, kernel.TC_ACT_UNSPEC);
  assert.equal(marked(8).verdict | 0, kernel.TC_ACT_UNSPEC);
  const { verdict, data } = marked(7);
  assert.equal(verdict, kernel.TC_ACT_REDIRECT);
  assert.equal(data.length, FRAME.length + 20);
  setProbeReal(veth.name, 7, null, bpffs.path);
  assert.equal(marked(7).verdict | 0, kernel.TC_ACT_UNSPEC);
  const counters = readProbeCounters(veth.name, bpffs.path);
  assert.deepEqual([counters.get("sent"), counters.get("skipped")], [1n, 3n]);
});

rootTest("detachProbe() leaves no program and no pin", async () => {
  using bpffs = new TempBpffs();
  using veth = new VethPair();
  const options = await probeOptions(bpffs, veth);
  attachProbe(options);
  assert.throws(
    () => attachProbe(options),
    /Cannot attach health checks to "wa.*detach them first$/,
  );
  detachProbe(veth.name, bpffs.path);
  assert.equal(queryEgress(interfaceIndex(veth.name)), null);
  assert.throws(() => Deno.statSync(`${bpffs.path}/weir-probe`), Deno.errors.NotFound);
  assert.throws(() => readProbeCounters(veth.name, bpffs.path), {
    message: `Cannot find health checks on "${veth.name}": they are not attached there`,
  });
  attachProbe(options);
});

async function probeOptions(bpffs: TempBpffs, veth: VethPair): Promise<ProbeOptions> {
  return {
    ifname: veth.name,
    object: await bpfObject("probe"),
    settings: { max_packet: 0, gue_port: 6080, ttl: 64 },
    host: {
      ifindex: interfaceIndex(veth.name),
      tunnel_v4: 0,
      tunnel_v6: 0,
      source_v4: Uint8Array.of(10, 0, 13, 37),
      source_v6: new Uint8Array(16),
      local_mac: new Uint8Array(6),
      gateway_mac: new Uint8Array(6),
    },
    bpffs: bpffs.path,
  };
}

function skb(mark: number): Uint8Array {
  const zero = { len: 0, protocol: 0, priority: 0, ingress_ifindex: 0, ifindex: 0, tc_index: 0 };
  return encode(kernel.SkBuff, { ...zero, mark });
}

function address(text: string): NonNullable<ReturnType<typeof parseAddress>> {
  return parseAddress(text) ?? assert.fail(text);
}
