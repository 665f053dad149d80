import { rotl64, u64 } from "./_u64.ts";

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

/**
 * MurmurHash3 x64-128 of the 16-byte message (a, b), first half of the result
 * (Austin Appleby, public domain, MurmurHash3.cpp). Maglev takes offset and skip from it.
 *
 * @param a first eight bytes as a little-endian u64
 * @param b last eight bytes
 * @param seed of both halves
 * @returns u64
 */
export function murmur(a: bigint, b: bigint, seed: bigint): bigint {
  let h1 = seed ^ u64(rotl64(u64(a * C1), 31n) * C2);
  h1 = u64((rotl64(h1, 27n) + seed) * 5n + 0x52dce729n);
  let h2 = seed ^ u64(rotl64(u64(b * C2), 33n) * C1);
  h2 = u64((rotl64(h2, 31n) + h1) * 5n + 0x38495ab5n);
  h1 ^= 16n;
  h2 ^= 16n;
  h1 = u64(h1 + h2);
  h2 = u64(h2 + h1);
  return u64(mix(h1) + mix(h2));
}

function mix(x: bigint): bigint {
  x = u64((x ^ x >> 33n) * 0xff51afd7ed558ccdn);
  x = u64((x ^ x >> 33n) * 0xc4ceb9fe1a85ec53n);
  return x ^ x >> 33n;
}
