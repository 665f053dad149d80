import type { Address } from "../addr/types.ts";
import type { RingHash } from "../state/types.ts";
import { endpointHash } from "./endpoint_hash.ts";
import { NO_REAL, SLOT_REAL_MASK } from "./constants.ts";

/**
 * A fingerprint of what a ring does: two balancers whose digests agree send every flow that the
 * ring alone decides to the same address, however each numbers its reals. Unstable bits, which tell
 * of the past, take no part.
 *
 * Two MurmurHash3 x86-32 streams with seeds 1 and 2 (Austin Appleby, public domain) over algorithm,
 * size and the endpoint hash of every slot's real. Against accidents, not against an attacker.
 *
 * @param addressOf address of a real index; asked once a real
 * @returns 16 hexadecimal digits
 */
export function ringDigest(
  slots: Uint16Array,
  algorithm: RingHash,
  addressOf: (real: number) => Address,
): string {
  const low = new Int32Array(SLOT_REAL_MASK + 1);
  const high = new Int32Array(SLOT_REAL_MASK + 1);
  const known = new Uint8Array(SLOT_REAL_MASK + 1);
  known[NO_REAL] = 1;
  const version = algorithm === "maglev-v1" ? 1 : 2;
  let a = absorb(absorb(1, version), slots.length);
  let b = absorb(absorb(2, version), slots.length);
  for (const slot of slots) {
    const real = slot & SLOT_REAL_MASK;
    if (known[real] === 0) {
      const hash = endpointHash(addressOf(real));
      low[real] = Number(BigInt.asIntN(32, hash));
      high[real] = Number(BigInt.asIntN(32, hash >> 32n));
      known[real] = 1;
    }
    a = absorb(absorb(a, low[real] ?? 0), high[real] ?? 0);
    b = absorb(absorb(b, low[real] ?? 0), high[real] ?? 0);
  }
  const bytes = 8 * (slots.length + 1);
  return hex(finish(a, bytes)) + hex(finish(b, bytes));
}

function absorb(state: number, word: number): number {
  word = Math.imul(word, 0xcc9e2d51);
  word = Math.imul(word << 15 | word >>> 17, 0x1b873593);
  state ^= word;
  return Math.imul(state << 13 | state >>> 19, 5) + 0xe6546b64 | 0;
}

function finish(state: number, bytes: number): number {
  state ^= bytes;
  state = Math.imul(state ^ state >>> 16, 0x85ebca6b);
  state = Math.imul(state ^ state >>> 13, 0xc2b2ae35);
  return state ^ state >>> 16;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
