import type { Ring } from "../state/types.ts";
import { ticksBetween } from "./_ticks.ts";
import { NO_REAL, SLOT_REAL_MASK, SLOT_UNSTABLE } from "./constants.ts";

/**
 * Forgets old changes: an unstable slot becomes stable, and its prev is cleared, once every living
 * flow is on its current real. Flows that the table does not know have been silent since before the
 * last change, so they are dead when that is longer ago than the idle time; the others are those
 * with an entry that names another real.
 *
 * A dead entry outlives this in the flow table, and a later flow of the same addresses and ports,
 * begun while the slot is stable, must not find it: the data plane ignores entries idle for longer
 * than `idleTicks`, or the caller deletes them.
 *
 * @param now this instant, tick, u32
 * @param idleTicks silence after which a flow is dead; for UDP at least the grace time, within which
 *   new flows still go to prev
 * @param disagreeing slots of entries that were seen within `idleTicks` and name another real
 * @returns the same object if nothing settles; `changedAt` stays
 */
export function settleRing(
  ring: Ring,
  now: number,
  idleTicks: number,
  disagreeing: Iterable<{ readonly slot: number }>,
): Ring {
  if (ticksBetween(ring.changedAt, now) <= idleTicks) return ring;
  const stays = new Uint8Array(ring.slots.length);
  for (const { slot } of disagreeing) stays[slot] = 1;
  const settles = (slot: number, i: number) => (slot & SLOT_UNSTABLE) !== 0 && stays[i] === 0;
  if (!ring.slots.some(settles)) return ring;
  return {
    slots: ring.slots.map((slot, i) => settles(slot, i) ? slot & SLOT_REAL_MASK : slot),
    prev: ring.prev.map((real, i) => stays[i] === 0 ? NO_REAL : real),
    changedAt: ring.changedAt,
    generation: (ring.generation + 1) >>> 0,
  };
}
