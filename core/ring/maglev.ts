import type { Address } from "../addr/types.ts";
import type { RingHash } from "../state/types.ts";
import { type Preference, preferenceOf } from "./_preference.ts";
import { turnsV1, turnsV2 } from "./_turns.ts";
import { NO_REAL, RING_SIZE, SLOT_REAL_MASK } from "./constants.ts";

/** A real that wants slots of a ring. */
export interface RingMember {
  /** Index, 1 to 32767. */
  readonly real: number;
  readonly address: Address;
  /** 0 to 65535; 0 keeps the real out. */
  readonly weight: number;
}

interface Candidate extends RingMember, Preference {}

/**
 * Builds a ring, bit for bit katran's (Maglev, https://research.google/pubs/pub44824/; V2 makes
 * shares proportional to weights). It depends on addresses and weights only: neither the order of
 * the members nor their indices matter, except as what is written into the slots.
 *
 * katran computes candidates as offset + n * skip in 32 bits, here they are added up modulo `size`.
 * The wrap is only in reach for a skip of 65536, or for one of 65535 with offset 65536, and there at
 * n = 65536, when all other slots are taken: katran then finds the same last slot or never returns.
 * One pair out of 2^32, offset and skip both 65536, wraps one candidate earlier and may differ.
 *
 * @param members reals in any order, each address once
 * @param size number of slots, a prime up to 65537
 * @returns the real index of each slot, 0 if no member has a weight
 * @throws {RangeError} if an index or a weight does not fit
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { parseAddress } from "../addr/mod.ts";
 *
 * const address = parseAddress("10.0.0.1");
 * if (address !== null) {
 *   const member = { real: 7, address, weight: 1 };
 *   equal(maglev([member], "maglev-v2").every((real) => real === 7), true);
 * }
 * ```
 */
export function maglev(
  members: readonly RingMember[],
  algorithm: RingHash,
  size: number = RING_SIZE,
): Uint16Array {
  members.forEach(checkMember);
  const ring = new Uint16Array(size);
  const sorted = members
    .filter((member) => member.weight > 0)
    .map((member) => ({ ...member, ...preferenceOf(member.address, size) }))
    .sort(byHash);
  const [only, second] = sorted;
  if (only === undefined) return ring;
  if (second === undefined) return ring.fill(only.real);
  const weights = Uint16Array.from(sorted, (member) => member.weight);
  const turns = algorithm === "maglev-v1" ? turnsV1(weights, size) : turnsV2(weights, size);
  fill(ring, sorted, turns);
  return ring;
}

function checkMember(member: RingMember): void {
  const { real, weight } = member;
  if (!Number.isInteger(real) || real <= NO_REAL || real > SLOT_REAL_MASK) {
    throw new RangeError(`Cannot put real "${real}" into a ring, expected 1 to ${SLOT_REAL_MASK}`);
  }
  if (!Number.isInteger(weight) || weight < 0 || weight > 65535) {
    throw new RangeError(`Cannot give real "${real}" the weight "${weight}", expected 0 to 65535`);
  }
}

/** katran leaves the order of equal hashes open; here IPv4 stands before IPv6, then bytes decide. */
function byHash(a: Candidate, b: Candidate): number {
  if (a.hash !== b.hash) return a.hash < b.hash ? -1 : 1;
  if (a.address.family !== b.address.family) return a.address.family - b.address.family;
  const at = a.address.bytes.findIndex((byte, i) => byte !== b.address.bytes[i]);
  return (a.address.bytes[at] ?? 0) - (b.address.bytes[at] ?? 0);
}

/** In each turn a member takes the first free slot of its preference. */
function fill(ring: Uint16Array, members: readonly Candidate[], turns: Uint16Array): void {
  const size = ring.length;
  const reals = Uint16Array.from(members, (member) => member.real);
  const skips = Int32Array.from(members, (member) => member.skip);
  const next = Int32Array.from(members, (member) => member.offset);
  const taken = new Uint8Array(size); // half the cache lines of the ring
  for (let turn = 0; turn < size; turn++) {
    const member = turns[turn] ?? 0;
    const back = (skips[member] ?? 0) - size;
    let slot = next[member] ?? 0;
    while (taken[slot] !== 0) {
      slot += back;
      slot += size & slot >> 31; // if negative: a branch here could not be predicted
    }
    taken[slot] = 1;
    ring[slot] = reals[member] ?? NO_REAL;
    next[member] = slot;
  }
}
