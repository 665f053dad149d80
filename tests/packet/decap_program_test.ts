/** The program on reals, row by row. */
import assert from "node:assert/strict";
import { explainDifference } from "../../core/packet/diff.ts";
import { InnerVip, Traffic } from "../../ffi/abi.gen.ts";
import { decode, encode } from "../../ffi/codec.ts";
import type { DecapOptions } from "../../ffi/decap.ts";
import { XDP_DROP, XDP_PASS } from "../../ffi/libbpf/kernel.gen.ts";
import { DecapRun } from "../support/decap_run.ts";
import { sumOf } from "../support/per_cpu.ts";
import { rootTest } from "../support/root_test.ts";
import { DECAP_ROWS, type DecapRow, HOST } from "./tables/decap_program.ts";
import { addressOf } from "./world.ts";

const SETTINGS: DecapOptions["settings"] = {
  server_id: 0,
  gue_port: 6080,
  ipip: 1,
  gue: 1,
  any_destination: 0,
  per_vip: 0,
  compat_katran: 0,
};
const ADDRESSES = [addressOf(HOST[4]), addressOf(HOST[6])];

rootTest("decapsulation on reals", async (t) => {
  for (const row of DECAP_ROWS) await t.step(row.name, () => runRow(row));
});

async function runRow({ settings, packet, expected, counters }: DecapRow): Promise<void> {
  using run = await DecapRun.load({ ...SETTINGS, ...settings }, ADDRESSES);
  const { verdict, data } = run.program.testRun({ data: packet });
  assert.equal(verdict, expected === null ? XDP_DROP : XDP_PASS);
  if (expected !== null) assert.equal(explainDifference(expected, data), "");
  const moved = [...run.counters()].filter(([, count]) => count !== 0n);
  assert.deepEqual(moved.sort(), counters.split(" ").sort().map((name) => [name, 1n]));
}

rootTest("decapsulation on reals counts what clients talk to", async () => {
  using run = await DecapRun.load({ ...SETTINGS, per_vip: 1 }, ADDRESSES);
  const rows = DECAP_ROWS.filter(({ name }) => name.includes("0 tags"));
  for (const { packet } of rows) run.program.testRun({ data: packet });
  using map = run.object.map("decap_vips");
  for (const [text, family, bytes] of [["10.200.1.1", 4, 29], ["fc00:1::1", 6, 9]] as const) {
    const key = { addr: addressOf(text).bytes, port: 80, proto: 17, family };
    const value = map.lookup(encode(InnerVip, key)) ?? assert.fail(text);
    // IPv4 total length, IPv6 payload length, in each of four tunnels; on some CPU.
    const total = { packets: 4n, bytes: 4n * BigInt(bytes) };
    assert.deepEqual(decode(Traffic, sumOf(value, Traffic.size)), total, text);
  }
});
