import { deepEqual, equal, throws } from "node:assert/strict";
import type { Ring } from "../state/types.ts";
import { stepRing } from "./step.ts";

const U = 0x8000;
const GRACE = 100;

function ring(slots: readonly number[], prev: readonly number[], changedAt = 1000): Ring {
  return { slots: Uint16Array.from(slots), prev: Uint16Array.from(prev), changedAt, generation: 7 };
}

interface Change {
  readonly affinity?: "default" | "always" | "none";
  readonly protocol?: "tcp" | "udp";
  readonly now?: number;
}

function step(old: Ring | null, target: readonly number[], change: Change = {}): Ring {
  return stepRing({
    old,
    target: Uint16Array.from(target),
    now: change.now ?? 5000,
    affinity: change.affinity ?? "default",
    protocol: change.protocol ?? "tcp",
    udpGraceTicks: GRACE,
  });
}

/** One slot each: what it is, the wanted real, what it becomes. */
const SLOTS = [
  { name: "keeps a stable slot", slot: 1, prev: 0, target: 1, becomes: 1, remembers: 0 },
  { name: "remembers who had a slot", slot: 1, prev: 0, target: 2, becomes: 2 | U, remembers: 1 },
  {
    name: "keeps prev over changes",
    slot: 2 | U,
    prev: 1,
    target: 3,
    becomes: 3 | U,
    remembers: 1,
  },
  {
    name: "stays unstable on return",
    slot: 2 | U,
    prev: 1,
    target: 1,
    becomes: 1 | U,
    remembers: 1,
  },
  { name: "keeps an unstable slot", slot: 2 | U, prev: 1, target: 2, becomes: 2 | U, remembers: 1 },
  { name: "fills an empty slot at once", slot: 0, prev: 0, target: 2, becomes: 2, remembers: 0 },
  { name: "empties a slot", slot: 1, prev: 0, target: 0, becomes: 0 | U, remembers: 1 },
  { name: "refills a slot", slot: 0 | U, prev: 1, target: 2, becomes: 2 | U, remembers: 1 },
  { name: "finds a missing prev", slot: 2 | U, prev: 0, target: 3, becomes: 3 | U, remembers: 2 },
];

for (const affinity of ["default", "always"] as const) {
  for (const row of SLOTS) {
    Deno.test(`stepRing() ${row.name}, affinity ${affinity}`, () => {
      // The second slot changes in any case, so that there is a step.
      const next = step(ring([row.slot, 8], [row.prev, 0]), [row.target, 9], { affinity });
      deepEqual(next, {
        slots: Uint16Array.of(row.becomes, 9 | U),
        prev: Uint16Array.of(row.remembers, 8),
        changedAt: 5000,
        generation: 8,
      });
    });
  }
}

Deno.test("stepRing() makes a first ring stable", () => {
  deepEqual(step(null, [1, 2, 0]), {
    slots: Uint16Array.of(1, 2, 0),
    prev: new Uint16Array(3),
    changedAt: 5000,
    generation: 1,
  });
});

Deno.test("stepRing() returns the ring itself when no slot changes", () => {
  const old = ring([1, 2 | U], [0, 1]);
  equal(step(old, [1, 2]), old);
  equal(step(old, [1, 2], { protocol: "udp" }), old);
});

Deno.test("stepRing() changes no input", () => {
  const old = ring([1, 2 | U], [0, 1]);
  step(old, [3, 4]);
  deepEqual(old, ring([1, 2 | U], [0, 1]));
});

Deno.test("stepRing() forgets prev of UDP slots after the grace time", () => {
  const old = ring([2 | U, 2 | U, 5], [1, 1, 0]);
  const late = step(old, [2, 3, 6], { protocol: "udp", now: 1000 + GRACE + 1 });
  deepEqual([...late.prev], [0, 2, 5]);
  deepEqual([...late.slots], [2 | U, 3 | U, 6 | U]);
  const early = step(old, [2, 3, 6], { protocol: "udp", now: 1000 + GRACE });
  deepEqual([...early.prev], [1, 1, 5]);
  const tcp = step(old, [2, 3, 6], { now: 1000 + GRACE + 1 });
  deepEqual([...tcp.prev], [1, 1, 5]);
});

Deno.test("stepRing() reckons the grace time across the wrap of ticks", () => {
  const old = ring([2 | U, 5], [1, 0], 0xfffffff0);
  const at = (now: number) => [...step(old, [2, 6], { protocol: "udp", now }).prev];
  deepEqual(at(GRACE - 16), [1, 5]);
  deepEqual(at(GRACE - 15), [0, 5]);
  // A clock that was read before another command changed the ring.
  deepEqual(at(0xffffffe0), [1, 5]);
});

Deno.test("stepRing() remembers nothing for affinity none", () => {
  const old = ring([1, 2 | U], [0, 1]);
  const next = step(old, [3, 2], { affinity: "none" });
  deepEqual(next, {
    slots: Uint16Array.of(3, 2),
    prev: new Uint16Array(2),
    changedAt: 5000,
    generation: 8,
  });
  equal(step(next, [3, 2], { affinity: "none" }), next);
});

Deno.test("stepRing() drops what was remembered when affinity becomes none", () => {
  const next = step(ring([1, 2 | U], [0, 1]), [1, 2], { affinity: "none" });
  deepEqual(next, {
    slots: Uint16Array.of(1, 2),
    prev: new Uint16Array(2),
    changedAt: 1000,
    generation: 8,
  });
});

Deno.test("stepRing() counts generations in 32 bits", () => {
  const old = { ...ring([1], [0]), generation: 0xffffffff };
  equal(step(old, [2]).generation, 0);
});

Deno.test("stepRing() refuses a target of another size", () => {
  throws(() => step(ring([1], [0]), [1, 2]), {
    name: "RangeError",
    message: 'Cannot turn a ring of "1" slots into one of "2"',
  });
});
