import { NO_REAL, SLOT_REAL_MASK } from "./constants.ts";

/** How much a change of rings disturbs. */
export interface Movement {
  /** Slots that had a real and now have another or none. */
  readonly moved: number;
  /** Slots that any ring with the new shares would have to move. */
  readonly minimum: number;
}

/**
 * Counts the slots that move between two rings, whatever their unstable bits.
 *
 * The minimum is the sum over reals of max(0, slots before - slots after): a real that left loses
 * all its slots, one whose share shrank the difference, and no ring with these shares moves fewer.
 *
 * @param before slots of the ring as it is
 * @param after slots of the ring as it is to be
 * @throws {RangeError} if the rings differ in size
 */
export function movedSlots(before: Uint16Array, after: Uint16Array): Movement {
  if (before.length !== after.length) {
    throw new RangeError(
      `Cannot compare a ring of "${before.length}" slots with one of "${after.length}"`,
    );
  }
  const lost = new Int32Array(SLOT_REAL_MASK + 1);
  let moved = 0;
  for (let slot = 0; slot < before.length; slot++) {
    const from = (before[slot] ?? NO_REAL) & SLOT_REAL_MASK;
    const to = (after[slot] ?? NO_REAL) & SLOT_REAL_MASK;
    if (from === to) continue;
    if (from !== NO_REAL) moved++;
    lost[from] = (lost[from] ?? 0) + 1;
    lost[to] = (lost[to] ?? 0) - 1;
  }
  lost[NO_REAL] = 0;
  return { moved, minimum: lost.reduce((sum, slots) => sum + Math.max(0, slots), 0) };
}
