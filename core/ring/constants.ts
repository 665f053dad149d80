/**
 * Constants of the ring, as in bpf/abi.h (a test compares them with the generated ones).
 *
 * @module
 */

/** Slots of a ring; prime, 2^16 + 1. */
export const RING_SIZE = 65537;

/** Bit of a slot that says: changed within a living flow's time. */
export const SLOT_UNSTABLE = 0x8000;

/** Bits of a slot that hold the real's index. */
export const SLOT_REAL_MASK = 0x7fff;

/** The index that names no real. */
export const NO_REAL = 0;
