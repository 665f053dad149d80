import type { Affinity, Protocol, Ring } from "../state/types.ts";
import { ticksBetween } from "./_ticks.ts";
import { NO_REAL, SLOT_REAL_MASK, SLOT_UNSTABLE } from "./constants.ts";

/** What a ring is to become, and what decides about its older flows. */
export interface StepInput {
  /** The ring as it is; null: the VIP has none and so no flows. */
  readonly old: Ring | null;
  /** The real that new flows of each slot go to, without unstable bits. */
  readonly target: Uint16Array;
  /** This instant, tick, u32. */
  readonly now: number;
  readonly affinity: Affinity;
  readonly protocol: Protocol;
  /** For how long after a change the data plane sends unknown UDP flows to prev. */
  readonly udpGraceTicks: number;
}

/**
 * One change of a ring that moves no living flow: old ring and wanted slots give slots, unstable
 * bits and prev.
 *
 * The invariant, by slot: a living flow without an entry in the flow table began while the slot was
 * stable, and is on the real that was current then. For while a slot is unstable, every flow's first
 * packet enters it into the table. So one real is enough to lead all of them, and `prev` names it
 * from the first change until the slot settles:
 *
 * - a later change keeps it; a slot that goes back to it stays unstable, as entries may disagree;
 * - a real that is down stays in prev. The data plane passes over it while it is not usable, and when
 *   it is back, flows that were silent meanwhile are still its own, wherever the slot points by then;
 * - UDP has no SYN, so unknown flows may be new ones and follow prev for the grace time only. All
 *   older flows are dead or known after it, and a later change must not start that time again for
 *   a real of long ago: prev is cleared first;
 * - a slot without a real has no flows, so it is filled without becoming unstable.
 *
 * An old prev gives way to the real before the change where there is none: nothing is known of the
 * slot's older flows then, and the real before is what evicted entries most likely named.
 *
 * @returns a ring whose `changedAt` is now if a slot changed; the same object if nothing changes
 * @throws {RangeError} if the rings differ in size
 */
export function stepRing(input: StepInput): Ring {
  const { old, target, now, affinity } = input;
  if (old === null) {
    const prev = new Uint16Array(target.length);
    return { slots: target.slice(), prev, changedAt: now, generation: 1 };
  }
  if (old.slots.length !== target.length) {
    throw new RangeError(
      `Cannot turn a ring of "${old.slots.length}" slots into one of "${target.length}"`,
    );
  }
  if (affinity === "none") return forgetfulStep(old, target, now);
  const isChanged = old.slots.some((slot, i) => (slot & SLOT_REAL_MASK) !== target[i]);
  return isChanged ? rememberingStep(old, input) : old;
}

function rememberingStep(old: Ring, input: StepInput): Ring {
  const { target, now, protocol, udpGraceTicks } = input;
  const isGraceOver = protocol === "udp" && ticksBetween(old.changedAt, now) > udpGraceTicks;
  const prev = isGraceOver ? new Uint16Array(target.length) : old.prev.slice();
  const slots = old.slots.slice();
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] ?? NO_REAL;
    const current = slot & SLOT_REAL_MASK;
    const next = target[i] ?? NO_REAL;
    if (current === next) continue;
    slots[i] = slot === NO_REAL ? next : next | SLOT_UNSTABLE;
    if (prev[i] === NO_REAL) prev[i] = current;
  }
  return { slots, prev, changedAt: now, generation: nextGeneration(old) };
}

/** Nothing is remembered, so nothing is unstable. */
function forgetfulStep(old: Ring, target: Uint16Array, now: number): Ring {
  const isExact = old.slots.every((slot, i) => slot === target[i]);
  if (isExact && old.prev.every((real) => real === NO_REAL)) return old;
  const isChanged = old.slots.some((slot, i) => (slot & SLOT_REAL_MASK) !== target[i]);
  return {
    slots: target.slice(),
    prev: new Uint16Array(target.length),
    changedAt: isChanged ? now : old.changedAt,
    generation: nextGeneration(old),
  };
}

/** u32, as the kernel stores it. */
function nextGeneration(ring: Ring): number {
  return (ring.generation + 1) >>> 0;
}
