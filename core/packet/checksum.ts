/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624). Sums are one's
 * complement sums of 16-bit words in network order; 0 and 0xffff stand for the same number.
 */
import { readU8 } from "./bytes.ts";

/** Folds the carries of a sum of 16-bit words back into 16 bits. */
export function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return folded;
}

/** Sum of the words of `bytes`, folded; an odd last byte is the high half of a word. */
export function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    sum += readU8(bytes, at) << 8 | (bytes[at + 1] ?? 0);
  }
  return fold(sum);
}

/** The checksum field that makes these sums and itself come to 0xffff. */
export function checksumOf(...sums: readonly number[]): number {
  return ~fold(sums.reduce((total, sum) => total + sum, 0)) & 0xffff;
}

/** The number that takes `sum` away when it is added. */
export function negate(sum: number): number {
  return ~fold(sum) & 0xffff;
}

/**
 * Sum of the pseudo-header of TCP, UDP and ICMPv6.
 *
 * @param source Source address, 4 or 16 bytes.
 * @param destination Destination address, 4 or 16 bytes.
 * @param length Bytes of transport header and payload.
 */
export function pseudoSum(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  return fold(sumOf(source) + sumOf(destination) + protocol + length);
}

/** The checksum after a covered word changed from `before` to `after` (RFC 1624, equation 3). */
export function patchChecksum(checksum: number, before: number, after: number): number {
  return checksumOf(negate(checksum), negate(before), after);
}

/**
 * `checksum` plus a difference of covered words, carries and borrows going around. Unlike
 * `patchChecksum` it may give 0xffff for 0, as routers of old do (RFC 1141).
 */
export function shiftChecksum(checksum: number, difference: number): number {
  const shifted = checksum + difference;
  return shifted < 0 ? shifted + 0xffff : fold(shifted);
}
