import assert from "node:assert/strict";
import { fromHex } from "../bytes.ts";
import { counted, fromRouter, modelOf, NOW, real, ring, TICK, vip } from "./_test_world.ts";
import type { Settings } from "./settings.ts";
import { readQuicId } from "./quic.ts";

const NO_LB = [0, 0, 0, 0, 0, 0, 0, 0];

Deno.test("readQuicId() reads server ids of all versions", () => {
  const ids = (payload: string, lb = NO_LB) => {
    const quic = readQuicId(fromHex(payload), lb);
    return quic.kind === "server" ? [quic.id, quic.counter] : quic.kind;
  };
  assert.deepEqual(ids("40 40ff80 0000000000"), [1022, "quic_cid_v1"]);
  assert.deepEqual(ids("40 7fffff 0000000000"), [0xffff, "quic_cid_v1"]);
  assert.deepEqual(ids("40 800003ff 00000000"), [1023, "quic_cid_v2"]);
  assert.deepEqual(ids("40 c0ffffffff 000000"), [0xffffffff, "quic_cid_v3"]);
  assert.deepEqual(ids("e0 00000001 08 40ff800000000000"), [1022, "quic_cid_v1"]);
  assert.deepEqual(ids("40 40003f 0000000000"), "none", "server id 0");
  assert.deepEqual(ids("40 00ffffff 00000000"), "none", "version 0");
  assert.deepEqual(ids("40 a1000401 00000000", [0, 0, 0, 0, 0, 2, 0, 0]), [4, "quic_cid_lb"]);
  assert.deepEqual(ids("40 bf01020304 000000", [0, 0, 0, 0, 0, 4, 0, 0]), [
    0x01020304,
    "quic_cid_lb",
  ]);
});

Deno.test("readQuicId() wants whole headers of versions it knows", () => {
  const kind = (payload: string) => readQuicId(fromHex(payload), NO_LB).kind;
  assert.equal(kind(""), "none");
  assert.equal(kind("40 40ff80 00000000"), "none", "8 bytes of a short header");
  assert.equal(kind("e0 00000001 08 40ff8000000000"), "none", "13 bytes of a long header");
  assert.equal(kind("e0 00000000 08 40ff800000000000"), "none", "version negotiation");
  assert.equal(kind("e0 00000001 07 40ff800000000000"), "none", "a short connection id");
  assert.equal(kind("c0 00000001 08 40ff800000000000"), "initial");
  assert.equal(kind("d0 00000001 08 40ff800000000000"), "initial", "0-RTT");
  assert.equal(kind("f0 00000001 08 40ff800000000000"), "server", "retry");
});

const tables = {
  vips: [
    vip(0, "10.200.1.5:443/udp", ring(1), { flags: ["quic"] }),
    vip(1, "10.200.1.5:443/tcp", ring(1), { flags: ["quic"] }),
  ],
  reals: new Map([[1, real("10.0.0.1")], [2, real("10.0.0.2")], [3, real("10.0.0.3")]]),
  serverIds: new Map([[1, 1], [2, 2], [3, 3], [9, 9]]),
  down: [{ vip: 0, real: 3 }],
};

function datagram(payload: string): Uint8Array {
  return fromRouter().ipv4({ source: "192.168.1.1", destination: "10.200.1.5" })
    .udp({ sourcePort: 31337, destinationPort: 443 }).payload(fromHex(payload)).bytes();
}

function shortHeader(id: number): Uint8Array {
  return datagram(`40 80${id.toString(16).padStart(6, "0")} 00000000`);
}

function run(frame: Uint8Array, settings: Partial<Settings> = { quic: true }) {
  return modelOf(tables, settings).run(frame, NOW);
}

Deno.test("a QUIC packet goes to the real of its id", () => {
  const result = run(shortHeader(2));
  assert.equal(result.counters.get("real 2 packets"), 1);
  assert.equal(counted(result), "flow_inserts quic_cid_v2 quic_not_found quic_routed");
});

Deno.test("the ring serves packets without an id, with an unknown one or one of a real down", () => {
  for (const id of [3, 77]) {
    const result = run(shortHeader(id));
    assert.equal(result.counters.get("real 1 packets"), 1);
    assert.equal(counted(result), "quic_cid_v2 quic_ring quic_unknown_id ring_picks");
  }
  assert.equal(counted(run(datagram("40"))), "quic_ring ring_picks");
});

Deno.test("an id of a real without an entry is dropped", () => {
  assert.equal(run(shortHeader(9)).reason, "unknown_server");
});

Deno.test("an Initial is a new flow, and goes by the ring", () => {
  const result = run(datagram("c0 00000001 08 40ff800000000000"));
  assert.equal(counted(result), "quic_initial ring_picks");
  assert.equal(result.counters.get("vip 0 new_flows"), 1);
});

Deno.test("ICMP errors of QUIC flows are not parsed", () => {
  const error = (code: number) =>
    fromRouter().ipv4({ source: "203.0.113.9", destination: "10.200.1.5" })
      .icmp({ type: 3, code }).ipv4({ source: "10.200.1.5", destination: "192.168.1.1" })
      .udp({ sourcePort: 443, destinationPort: 31337 }).payload(fromHex("4080000002000000"))
      .bytes();
  assert.equal(counted(run(error(0))), "icmp_error_v4 quic_icmp ring_picks");
  assert.equal(counted(run(error(1))), "icmp_error_v4 quic_icmp quic_icmp_ignorable ring_picks");
  assert.equal(counted(run(error(3))), "icmp_error_v4 quic_icmp quic_icmp_ignorable ring_picks");
});

Deno.test("without the feature, and for TCP, ids mean nothing", () => {
  assert.equal(counted(run(shortHeader(2), {})), "ring_picks");
  const segment = fromRouter().ipv4({ source: "192.168.1.1", destination: "10.200.1.5" })
    .tcp({ sourcePort: 31337, destinationPort: 443 }).payload(fromHex("408000000200000000"))
    .bytes();
  assert.doesNotMatch(counted(run(segment)), /quic/);
});

Deno.test("the flow table follows the ids", () => {
  const model = modelOf(tables, { quic: true });
  const step = (frame: Uint8Array) => model.run(frame, NOW);
  const first = step(shortHeader(2));
  assert.match(counted(first), /quic_not_found/);
  assert.match(counted(step(shortHeader(2))), /quic_match/);
  const changed = step(shortHeader(1));
  assert.equal(counted(changed), "quic_cid_v2 quic_mismatch quic_routed");
  assert.equal(changed.counters.get("vip 0 server_id_mismatch"), 1);
  assert.equal([...model.flows()][0]?.real, 1);
  assert.equal([...model.flows()][0]?.lastSeen, TICK);
});

Deno.test("a flow whose id agrees with a stable slot is not remembered", () => {
  const model = modelOf(tables, { quic: true });
  assert.equal(counted(model.run(shortHeader(1), NOW)), "quic_cid_v2 quic_not_found quic_routed");
  assert.deepEqual([...model.flows()], []);
});

Deno.test("affinity always remembers every flow with an id; affinity none those off the ring", () => {
  const remembered = (affinity: "always" | "none", id: number) => {
    const vips = [vip(0, "10.200.1.5:443/udp", ring(1), { flags: ["quic"], affinity })];
    const model = modelOf({ ...tables, vips }, { quic: true });
    model.run(shortHeader(id), NOW);
    return [...model.flows()].length;
  };
  assert.equal(remembered("always", 1), 1);
  assert.equal(remembered("none", 1), 0);
  assert.equal(remembered("none", 2), 1);
});
