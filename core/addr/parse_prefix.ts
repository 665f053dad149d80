import { parseDecimal } from "./_decimal.ts";
import { parseAddress } from "./parse_address.ts";
import type { Address, Prefix } from "./types.ts";

/**
 * Reads a prefix such as `10.0.0.0/8` or `fc00::/7`; an address alone is a prefix of full length.
 *
 * @returns the prefix, or null if the text is none or has bits set beyond its length
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 *
 * equal(parsePrefix("10.0.0.0/8")?.prefixLength, 8);
 * equal(parsePrefix("10.0.0.1")?.prefixLength, 32);
 * equal(parsePrefix("10.0.0.1/8"), null);
 * ```
 */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const bits = address.family === 4 ? 32 : 128;
  const prefixLength = slash < 0 ? bits : parseDecimal(text.slice(slash + 1), bits);
  if (prefixLength === null || hasHostBits(address, prefixLength)) return null;
  return { address, prefixLength };
}

function hasHostBits(address: Address, prefixLength: number): boolean {
  return address.bytes.some((byte, i) => {
    const kept = Math.min(Math.max(prefixLength - 8 * i, 0), 8);
    return (byte & (0xff >> kept)) !== 0;
  });
}
