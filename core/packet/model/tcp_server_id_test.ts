import assert from "node:assert/strict";
import { packet } from "../build.ts";
import { fromHex } from "../bytes.ts";
import { TcpFlag } from "../protocol.ts";
import {
  counted,
  fromRouter,
  modelOf,
  NOW,
  real,
  ring,
  tables as tablesOf,
  vip,
} from "./_test_world.ts";
import { readServerIdOption } from "./tcp_server_id.ts";

const WEB = { sourcePort: 31337, destinationPort: 80 } as const;

function read(options: string, dataOffset?: number): number {
  const fields = { ...WEB, options: fromHex(options) };
  const segment = packet().tcp(dataOffset === undefined ? fields : { ...fields, dataOffset });
  return readServerIdOption(segment.bytes());
}

Deno.test("readServerIdOption() reads little endian, unsigned", () => {
  assert.equal(read("b706fe030000 0101"), 1022);
  assert.equal(read("b706ffffffff 0000"), 0xffffffff);
});

Deno.test("readServerIdOption() walks over other options", () => {
  assert.equal(read("02040578 0101 b706fe030000"), 1022);
  assert.equal(read("080a0102030405060708 b706fe030000"), 1022);
});

Deno.test("readServerIdOption() stops where options end or make no sense", () => {
  assert.equal(read(""), 0);
  assert.equal(read("00 b706fe030000 00"), 0, "end of options");
  assert.equal(read("0500 b706fe030000"), 0, "length 0");
  assert.equal(read("0501 b706fe030000"), 0, "length 1");
  assert.equal(read("05ff b706fe030000"), 0, "length beyond the header");
  assert.equal(read("010101b7"), 0, "a kind without a length");
  assert.equal(read("b70401ff b706fe030000 0000"), 0, "0xb7 of another length");
  assert.equal(read("0101b706fe030000 01010101", 6), 0, "an id that the header cuts off");
});

Deno.test("readServerIdOption() looks at fifteen options", () => {
  assert.equal(read("01".repeat(14) + "b706fe030000"), 1022);
  assert.equal(read("01".repeat(15) + "b706fe030000" + "010101"), 0);
});

Deno.test("readServerIdOption() mistrusts data offsets", () => {
  for (const dataOffset of [0, 4, 5]) assert.equal(read("b706fe0300000101", dataOffset), 0);
  assert.equal(read("b706fe0300000101", 7), 1022);
  assert.equal(read("b706fe0300000101", 8), 0, "beyond the frame");
});

const tables = {
  vips: [vip(0, "10.200.1.1:80/tcp", ring(1), { flags: ["tcp-server-id"] })],
  reals: new Map([[1, real("10.0.0.1")], [2, real("10.0.0.2")], [3, real("10.0.0.3")]]),
  serverIds: new Map([[2, 2], [3, 3], [9, 9]]),
  down: [{ vip: 0, real: 3 }],
};

function segment(id: number, flags: number = TcpFlag.ack): Uint8Array {
  const options = fromHex(`b706${id.toString(16).padStart(2, "0")}0000000101`);
  return fromRouter().ipv4({ source: "192.168.1.1", destination: "10.200.1.1" })
    .tcp({ ...WEB, flags, options }).bytes();
}

function run(frame: Uint8Array, tcpServerId = true) {
  return modelOf(tables, { tcpServerId }).run(frame, NOW);
}

Deno.test("a segment goes to the real it names", () => {
  const result = run(segment(2));
  assert.equal(result.counters.get("real 2 packets"), 1);
  assert.equal(counted(result), "flow_inserts server_id_routed");
});

Deno.test("the ring serves ids that are unknown, down or without an entry", () => {
  for (const id of [0, 3, 9, 77]) {
    assert.equal(counted(run(segment(id))), "ring_picks server_id_ring unknown_picks", `id ${id}`);
  }
});

Deno.test("a SYN is not parsed", () => {
  assert.equal(counted(run(segment(2, TcpFlag.syn))), "ring_picks server_id_syn syn_picks");
  assert.equal(counted(run(segment(2), false)), "ring_picks");
});

Deno.test("the flow table follows the ids, and counts where it disagreed", () => {
  const model = modelOf(tables, { tcpServerId: true });
  model.run(segment(2), NOW);
  assert.equal(counted(model.run(segment(2), NOW)), "server_id_routed");
  model.replaceTables(tablesOf({ ...tables, serverIds: new Map([[2, 1]]) }));
  const result = model.run(segment(2), NOW);
  assert.equal(counted(result), "server_id_mismatch server_id_routed");
  assert.equal(result.counters.get("vip 0 server_id_mismatch"), 1);
  assert.equal([...model.flows()][0]?.real, 1);
});

Deno.test("a VIP without affinity remembers nothing of it", () => {
  const config = { flags: ["tcp-server-id"], affinity: "none" } as const;
  const vips = [vip(0, "10.200.1.1:80/tcp", ring(1), config)];
  const model = modelOf({ ...tables, vips }, { tcpServerId: true });
  assert.equal(counted(model.run(segment(2), NOW)), "server_id_routed");
  assert.deepEqual([...model.flows()], []);
});
