import { deepEqual, equal, ok } from "node:assert/strict";
import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import { maglev, movedSlots, patchDown } from "../../core/ring/mod.ts";

/** Numbers that a seed repeats: mulberry32 (Tommy Ettinger, public domain). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return ((mixed ^ mixed >>> 14) >>> 0) % below;
  };
}

/**
 * Reals fail and come back in random order: each event moves the fewest slots that it can, recovery
 * restores the ring bit for bit, whatever came between, and the load stays even.
 *
 * @param full 400 rings; else 20
 * @returns what was found, in one line
 */
export function collateral(full: boolean): string {
  const rings = full ? 400 : 20;
  let events = 0;
  for (let seed = 1; seed <= rings; seed++) events += failures(random(seed), seed);
  const one = peakLoad(1);
  const hundred = peakLoad(100);
  ok(one <= 1.05, `peak load ${one} with 1 of 1000 down`);
  ok(hundred <= 1.15, `peak load ${hundred} with 100 of 1000 down`);
  const peaks = `peak load ${one.toFixed(3)} and ${
    hundred.toFixed(3)
  } x mean (1, 100 of 1000 down)`;
  return `${rings} rings, ${events} events, each the minimum of slots; ${peaks}`;
}

function failures(next: (below: number) => number, seed: number): number {
  const count = 2 + next(60);
  const ring = ringOf(count, () => 1 + next(8));
  const out = new Set<number>();
  let now = ring;
  const events = 10;
  for (let event = 0; event < events; event++) {
    const real = 1 + next(count);
    if (!out.delete(real) && out.size < count - 1) out.add(real);
    const after = patchDown(ring, (index) => out.has(index));
    const { moved, minimum } = movedSlots(now, after);
    equal(moved, minimum, `seed ${seed}, event ${event}`);
    now = after;
  }
  deepEqual(patchDown(ring, () => false), ring, `seed ${seed}, recovery`);
  return events;
}

/** Slots of the busiest real over the mean, with some of 1000 equal reals down. */
function peakLoad(down: number): number {
  const after = patchDown(ringOf(1000, () => 1), (real) => real <= down);
  const slots = new Map<number, number>();
  for (const real of after) slots.set(real, (slots.get(real) ?? 0) + 1);
  return Math.max(...slots.values()) / (after.length / (1000 - down));
}

function ringOf(count: number, weight: (i: number) => number): Uint16Array {
  const members = Array.from({ length: count }, (_, i) => ({
    real: i + 1,
    address: addressFromBytes(4, Uint8Array.of(10, 0, i >> 8, i & 255)),
    weight: weight(i),
  }));
  return maglev(members, "maglev-v2");
}
