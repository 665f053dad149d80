import type { Address } from "../addr/types.ts";
import { RING_SIZE } from "./constants.ts";
import { endpointHash } from "./endpoint_hash.ts";
import { murmur } from "./murmur.ts";

/** The order in which a real asks for slots: offset, offset + skip, offset + 2 skip, ... mod N. */
export interface Preference {
  /** Endpoint hash, u64: reals take turns in its order. */
  readonly hash: bigint;
  /** 0 to N - 1. */
  readonly offset: number;
  /** 1 to N - 1. */
  readonly skip: number;
}

const OFFSET_SALT = 42n;
const SKIP_SALT = 2718281828n;
const SKIP_SEED = 2307n;

/** By address text. 64-bit arithmetic is slow here, and most reals of a ring were in the last one. */
const cache = new Map<string, Preference>();
const CACHE_LIMIT = 65536;

/**
 * The preference of a real.
 *
 * @param size number of slots N
 */
export function preferenceOf(address: Address, size: number): Preference {
  if (size !== RING_SIZE) return computePreference(address, size);
  const known = cache.get(address.text);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  const preference = computePreference(address, size);
  cache.set(address.text, preference);
  return preference;
}

function computePreference(address: Address, size: number): Preference {
  const hash = endpointHash(address);
  return {
    hash,
    offset: Number(murmur(hash, OFFSET_SALT, 0n) % BigInt(size)),
    skip: Number(murmur(hash, SKIP_SALT, SKIP_SEED) % BigInt(size - 1)) + 1,
  };
}
