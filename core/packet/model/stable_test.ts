import assert from "node:assert/strict";
import { fromHex } from "../bytes.ts";
import { counted, fromRouter, modelOf, NOW, real, ring, vip } from "./_test_world.ts";
import { readStableId } from "./stable.ts";

const tables = {
  vips: [vip(0, "[fc00:1::9]:80/udp", ring(1), { flags: ["udp-stable"] })],
  reals: new Map([[1, real("fc00::1")], [2, real("fc00::2")], [3, real("fc00::3")]]),
  serverIds: new Map([[0x010203, 2], [3, 3], [9, 9]]),
  down: [{ vip: 0, real: 3 }],
};

function run(payload: string, udpStable = true) {
  const frame = fromRouter().ipv6({ source: "fc00:2::1", destination: "fc00:1::9" })
    .udp({ sourcePort: 31337, destinationPort: 80 }).payload(fromHex(payload)).bytes();
  return modelOf(tables, { udpStable }).run(frame, NOW);
}

Deno.test("readStableId() reads the header's three bytes", () => {
  assert.equal(readStableId(fromHex("52010203 00000000")), 0x010203);
  assert.equal(readStableId(fromHex("52010203 000000")), null);
  assert.equal(readStableId(fromHex("53010203 00000000")), null);
  assert.equal(readStableId(fromHex("")), null);
});

Deno.test("a datagram goes to the real it names, and leaves the flow table alone", () => {
  const result = run("52010203 00000000");
  assert.equal(result.counters.get("real 2 packets"), 1);
  assert.equal(counted(result), "stable_routed");
});

Deno.test("the ring serves other datagrams, each counted for what it is", () => {
  assert.equal(counted(run("52000000 00000000")), "ring_picks stable_ring");
  assert.equal(counted(run("00")), "ring_picks stable_invalid stable_ring");
  assert.equal(counted(run("52000077 00000000")), "ring_picks stable_ring stable_unknown_id");
  assert.equal(counted(run("52000003 00000000")), "ring_picks stable_ring stable_unknown_id");
  assert.equal(run("52000009 00000000").reason, "unknown_server");
  assert.equal(counted(run("52010203 00000000", false)), "ring_picks");
});

Deno.test("ICMP errors of stable flows are not parsed", () => {
  const frame = fromRouter().ipv6({ source: "fc00:3::9", destination: "fc00:1::9" })
    .icmp({ type: 1 }).ipv6({ source: "fc00:1::9", destination: "fc00:2::1" })
    .udp({ sourcePort: 80, destinationPort: 31337 }).payload(fromHex("5201020300000000")).bytes();
  const result = modelOf(tables, { udpStable: true }).run(frame, NOW);
  assert.equal(counted(result), "icmp_error_v6 ring_picks");
});
