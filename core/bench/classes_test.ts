import assert from "node:assert/strict";
import { decode } from "../packet/decode.ts";
import { readU16, readU32 } from "../packet/bytes.ts";
import { PACKET_CLASSES } from "./classes.ts";
import { VIPS } from "./scenario.ts";

/** Goals as the issue states them: net ns of katran and weir's share. */
const GOALS: Readonly<Record<string, readonly [number, number]>> = {
  "tcp-v4": [104, 0.25],
  "tcp-v4-64k": [400, 0.08],
  "tcp-v4-1m": [454, 0.08],
  "tcp-v4-unstable-64k": [400, 0.6],
  "tcp-v4-syn-ungated": [417, 0.08],
  "tcp-v4-syn": [260, 0.12],
  "tcp-v4-syn-full": [939, 0.04],
  "tcp-v4-unknown": [500, 0.08],
  "tcp-v6": [104, 0.35],
  "tcp-v6-1m": [448, 0.1],
  "tcp-v4-to-v6": [106, 0.35],
  "tcp-v4-to-v6-64k": [407, 0.12],
  "tcp-v4-gue": [282, 0.2],
  "tcp-v4-any-port": [129, 0.3],
  "udp-v4": [136, 0.2],
  "udp-v4-64k": [440, 0.08],
  "udp-v4-1m": [490, 0.08],
  "udp-v4-none": [105, 0.25],
  "udp-v4-none-1m": [112, 0.3],
  "quic-mapped": [108, 0.4],
  "quic-mapped-64k": [376, 0.3],
  "quic-unmapped": [139, 0.4],
  "quic-initial": [139, 0.4],
  "tcp-server-id": [105, 0.5],
  "tcp-source": [164, 0.7],
  "decap-ipip": [149, 0.5],
  "decap-gue": [149, 0.5],
  "icmp-frag-needed": [110, 0.5],
  "icmp-echo": [11, 1.2],
  "pass-v4": [47, 0.25],
  "pass-v6": [47, 0.35],
  "vips-64": [474, 0.25],
  "mix-64k": [466, 0.2],
  "mix-256k": [610, 0.2],
};

Deno.test("every goal is that of the issue, and no goal is missing", () => {
  const goals = PACKET_CLASSES.flatMap(({ name, goal }) =>
    goal === null ? [] : [[name, [goal.katranNs, goal.share]] as const]
  );
  assert.deepEqual(Object.fromEntries(goals), GOALS);
});

Deno.test("names of classes are unique", () => {
  const names = PACKET_CLASSES.map(({ name }) => name);
  assert.deepEqual([...new Set(names)], names);
});

Deno.test("flows and frames are powers of two, which the driver masks by", () => {
  const isPower = (n: number) => Number.isInteger(Math.log2(n));
  for (const { name, flows, frames, warmUp } of PACKET_CLASSES) {
    assert.ok(isPower(flows) && isPower(frames.length) && frames.length <= 64, name);
    if (warmUp === null) continue;
    assert.ok(isPower(warmUp.flows) && isPower(warmUp.frames.length), name);
  }
});

Deno.test("frames are 128 bytes that decode, with the client where the template says", () => {
  for (const { name, frames, warmUp } of PACKET_CLASSES) {
    for (const { bytes, client, port } of [...frames, ...warmUp?.frames ?? []]) {
      assert.equal(bytes.length, 128, name);
      assert.ok(decode(bytes).length >= 3, name);
      // 11.0.0.0, or the end of fc00:0:2::
      assert.ok([0x0b000000, 0].includes(readU32(bytes, client)), name);
      if (!name.startsWith("icmp-echo")) assert.equal(readU16(bytes, port), 1024, name);
    }
  }
});

Deno.test("no two VIPs are the same", () => {
  const keys = VIPS.map(({ address, port, protocol }) => `${protocol} ${address} ${port}`);
  assert.equal(new Set(keys).size, keys.length);
});
