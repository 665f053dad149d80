import type { Address } from "../addr/types.ts";
import { u64 } from "./_u64.ts";
import { spooky } from "./spooky.ts";

/** Address family numbers of Linux, which folly mixes in. */
const AF_INET = 2n;
const AF_INET6 = 10n;

/**
 * A real's hash in the ring: folly's `IPAddress::hash`, as katran uses it. An IPv4-mapped IPv6
 * address hashes as its IPv4 form.
 *
 * @returns u64
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { parseAddress } from "../addr/mod.ts";
 *
 * const address = parseAddress("10.0.0.1");
 * if (address !== null) equal(endpointHash(address), 0xd671359dbaa15954n);
 * ```
 */
export function endpointHash(address: Address): bigint {
  const { family, bytes } = address;
  if (family === 4) return combine(AF_INET, fnv(bytes.subarray(0, 4)));
  if (isMapped(bytes)) return combine(AF_INET, fnv(bytes.subarray(12, 16)));
  const [first, second] = spooky(bytes);
  return combine(AF_INET6, combine(first, second));
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff &&
    bytes[11] === 0xff;
}

/** FNV-1 with bytes widened as signed char, which is how folly reads them on x86. */
function fnv(bytes: Uint8Array): bigint {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash, 0x01000193) ^ (byte << 24 >> 24);
  return BigInt(hash >>> 0);
}

/** CityHash's Hash128to64, folly's hash_128_to_64. */
function combine(upper: bigint, lower: bigint): bigint {
  const K = 0x9ddfea08eb382d69n;
  let a = u64((lower ^ upper) * K);
  a ^= a >> 47n;
  let b = u64((upper ^ a) * K);
  b ^= b >> 47n;
  return u64(b * K);
}
