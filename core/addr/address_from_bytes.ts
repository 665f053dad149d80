import { formatAddress } from "./format_address.ts";
import type { Address, Family } from "./types.ts";

/**
 * Makes an address from its bytes in network order, which are copied.
 *
 * @param family address family
 * @param bytes IPv6: 16 bytes. IPv4: 4 bytes, or 16 in map order, of which the first four count
 * @throws {RangeError} if the number of bytes does not fit the family
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 *
 * equal(addressFromBytes(4, Uint8Array.of(10, 0, 0, 1)).text, "10.0.0.1");
 * ```
 */
export function addressFromBytes(family: Family, bytes: Uint8Array): Address {
  if (bytes.length !== 16 && !(family === 4 && bytes.length === 4)) {
    throw new RangeError(
      `Cannot make an IPv${family} address from "${bytes.length}" bytes, expected ${
        family === 4 ? "4 or 16" : "16"
      }`,
    );
  }
  const own = new Uint8Array(16);
  own.set(family === 4 ? bytes.subarray(0, 4) : bytes);
  return { family, bytes: own, text: formatAddress(family, own) };
}
