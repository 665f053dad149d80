/** The health-check program, row by row. */
import assert from "node:assert/strict";
import { parseMac } from "../../core/addr/parse_mac.ts";
import { explainDifference } from "../../core/packet/diff.ts";
import { InnerVip, RealFlag, Traffic } from "../../ffi/abi.gen.ts";
import { decode, encode } from "../../ffi/codec.ts";
import * as kernel from "../../ffi/libbpf/kernel.gen.ts";
import type { ProbeOptions } from "../../ffi/probe.ts";
import { gueOffset } from "../support/fixtures/compare_frames.ts";
import { sumOf } from "../support/per_cpu.ts";
import { ProbeRun } from "../support/probe_run.ts";
import { rootTest } from "../support/root_test.ts";
import {
  MARKS,
  PROBE_MACS,
  PROBE_REAL,
  PROBE_ROWS,
  PROBE_SOURCE,
  type ProbeRow,
} from "./tables/probe_program.ts";
import { addressOf } from "./world.ts";

const GUE_PORT = 6080;
/** Every network namespace has it. */
const LOOPBACK = 1;

rootTest("health checks", async (t) => {
  for (const row of PROBE_ROWS) await t.step(row.name, () => runRow(row));
});

async function runRow(row: ProbeRow): Promise<void> {
  const settings = { max_packet: row.maxPacket ?? 0, gue_port: GUE_PORT, ttl: 64 };
  using run = await ProbeRun.load(settings, host(row.tunnels ?? false));
  setReals(run);
  const { verdict, data } = run.send(row.packet, row.mark);
  assert.equal(verdict, kernel[`TC_ACT_${row.verdict}`]);
  if (row.expected !== null) assert.equal(explainDifference(row.expected, portZeroed(data)), "");
  const moved = [...run.counters()].filter(([, count]) => count !== 0n);
  assert.deepEqual(moved, [[row.counter, 1n]]);
}

rootTest("health checks spread over source ports, of which none is 0", async () => {
  using run = await ProbeRun.load({ max_packet: 0, gue_port: GUE_PORT, ttl: 64 }, host(false));
  setReals(run);
  const [row] = PROBE_ROWS;
  assert.ok(row);
  const ports = Array.from({ length: 32 }, () => {
    const { data } = run.send(row.packet, MARKS.gueV4);
    const udp = gueOffset(data, GUE_PORT) ?? assert.fail("no GUE");
    return new DataView(data.buffer, data.byteOffset).getUint16(udp);
  });
  assert.ok(new Set(ports).size > 16 && !ports.includes(0), `${ports}`);
});

rootTest("health checks are counted by VIP, where that is asked for", async () => {
  using run = await ProbeRun.load({ max_packet: 0, gue_port: GUE_PORT, ttl: 64 }, host(false));
  setReals(run);
  using map = run.map("probe_vips");
  const key = encode(InnerVip, {
    addr: addressOf("10.200.1.1").bytes,
    port: 80,
    proto: 6,
    family: 4,
  });
  const [first] = PROBE_ROWS;
  assert.ok(first);
  run.send(first.packet, first.mark);
  assert.equal(map.lookup(key), null);
  map.update(key, new Uint8Array(map.valueBytes));
  run.send(first.packet, first.mark);
  const counted = sumOf(map.lookup(key) ?? assert.fail("gone"), Traffic.size);
  assert.deepEqual(decode(Traffic, counted), { packets: 1n, bytes: 40n });
});

rootTest("a health check leaves without its mark, so that nobody takes it again", async () => {
  using run = await ProbeRun.load({ max_packet: 0, gue_port: GUE_PORT, ttl: 64 }, host(false));
  setReals(run);
  const [row] = PROBE_ROWS;
  assert.ok(row);
  run.send(row.packet, row.mark, 2);
  const counters = run.counters();
  assert.deepEqual([counters.get("sent"), counters.get("skipped")], [1n, 1n]);
});

function setReals(run: ProbeRun): void {
  for (const family of [4, 6] as const) {
    const addr = addressOf(PROBE_REAL[family]).bytes;
    const flags = family === 6 ? RealFlag.REAL_IPV6 : 0;
    run.reals.set(MARKS[`ipipV${family}`], { addr, flags });
    run.reals.set(MARKS[`gueV${family}`], { addr, flags: flags | RealFlag.REAL_GUE });
  }
}

function host(tunnels: boolean): ProbeOptions["host"] {
  return {
    ifindex: LOOPBACK,
    tunnel_v4: tunnels ? LOOPBACK : 0,
    tunnel_v6: tunnels ? LOOPBACK : 0,
    source_v4: addressOf(PROBE_SOURCE[4]).bytes.subarray(0, 4),
    source_v6: addressOf(PROBE_SOURCE[6]).bytes,
    local_mac: parseMac(PROBE_MACS.local) ?? assert.fail("no MAC"),
    gateway_mac: parseMac(PROBE_MACS.gateway) ?? assert.fail("no MAC"),
  };
}

/** The frame with `PROBE_PORT` for the random port. */
function portZeroed(frame: Uint8Array): Uint8Array {
  const udp = gueOffset(frame, GUE_PORT);
  const copy = frame.slice();
  if (udp !== null) copy.fill(0, udp, udp + 2);
  return copy;
}
