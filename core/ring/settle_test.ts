import { deepEqual, equal } from "node:assert/strict";
import type { Ring } from "../state/types.ts";
import { settleRing } from "./settle.ts";

const U = 0x8000;
const IDLE = 500;

function ring(changedAt = 1000): Ring {
  return {
    slots: Uint16Array.of(1, 2 | U, 3 | U, 0 | U),
    prev: Uint16Array.of(0, 1, 1, 2),
    changedAt,
    generation: 7,
  };
}

Deno.test("settleRing() settles all slots that nobody disagrees with", () => {
  deepEqual(settleRing(ring(), 1501, IDLE, [{ slot: 2 }, { slot: 0 }]), {
    slots: Uint16Array.of(1, 2, 3 | U, 0),
    prev: Uint16Array.of(0, 0, 1, 0),
    changedAt: 1000,
    generation: 8,
  });
});

Deno.test("settleRing() waits for the idle time", () => {
  const old = ring();
  equal(settleRing(old, 1500, IDLE, []), old);
  const wrapping = ring(0xffffff00);
  equal(settleRing(wrapping, IDLE - 0x100, IDLE, []), wrapping);
  equal(settleRing(wrapping, IDLE - 0xff, IDLE, []).generation, 8);
});

Deno.test("settleRing() keeps a ring that changed after the clock was read", () => {
  const old = ring();
  equal(settleRing(old, 999, IDLE, []), old);
});

Deno.test("settleRing() returns the ring itself when nothing settles", () => {
  const old = ring();
  equal(settleRing(old, 9000, IDLE, [{ slot: 1 }, { slot: 2 }, { slot: 3 }]), old);
  const settled = settleRing(old, 9000, IDLE, []);
  equal(settleRing(settled, 9001, IDLE, []), settled);
});

Deno.test("settleRing() changes no input", () => {
  const old = ring();
  settleRing(old, 9000, IDLE, []);
  deepEqual(old, ring());
});
