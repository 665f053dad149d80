import { parseDecimal } from "./_decimal.ts";
import { addressFromBytes } from "./address_from_bytes.ts";
import type { Address } from "./types.ts";

/** The longest IPv6 text, with an embedded IPv4 address in dotted form. */
const MAX_TEXT = 45;

/**
 * Reads an IP address. IPv4 is four decimal numbers without leading zeros; IPv6 is the text form
 * of RFC 4291 section 2.2, with `::` and an embedded IPv4 tail, without a zone or brackets.
 *
 * @param text the address and nothing else, no white space
 * @returns the address, or null if the text is none
 *
 * @example Spellings of one address are equal in text
 * ```ts
 * import { equal } from "node:assert/strict";
 *
 * equal(parseAddress("FC00:0:0::01")?.text, "fc00::1");
 * equal(parseAddress("010.0.0.1"), null);
 * ```
 */
export function parseAddress(text: string): Address | null {
  if (text.length > MAX_TEXT) return null;
  if (!text.includes(":")) {
    const bytes = parseIpv4(text);
    return bytes === null ? null : addressFromBytes(4, bytes);
  }
  const groups = parseGroups(text);
  if (groups === null) return null;
  return addressFromBytes(
    6,
    Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])),
  );
}

function parseIpv4(text: string): Uint8Array | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  const bytes = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    const value = parseDecimal(part, 255);
    if (value === null) return null;
    bytes[i] = value;
  }
  return bytes;
}

/** The eight 16-bit groups of an IPv6 address. */
function parseGroups(text: string): readonly number[] | null {
  const hex = unembedIpv4(text);
  if (hex === null) return null;
  const [head, tail, ...rest] = hex.split("::").map(parseHexGroups);
  if (head === undefined || head === null || tail === null || rest.length > 0) return null;
  if (tail === undefined) return head.length === 8 ? head : null;
  const zeros = 8 - head.length - tail.length;
  // RFC 4291: "::" stands for one or more groups.
  return zeros < 1 ? null : [...head, ...new Array<number>(zeros).fill(0), ...tail];
}

function parseHexGroups(text: string): readonly number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return null;
  return parts.map((part) => parseInt(part, 16));
}

/** Rewrites a dotted tail as two groups: `::ffff:1.2.3.4` becomes `::ffff:102:304`. */
function unembedIpv4(text: string): string | null {
  if (!text.includes(".")) return text;
  const start = text.lastIndexOf(":") + 1;
  const ipv4 = parseIpv4(text.slice(start));
  if (ipv4 === null) return null;
  const [a = 0, b = 0, c = 0, d = 0] = ipv4;
  return `${text.slice(0, start)}${(a << 8 | b).toString(16)}:${(c << 8 | d).toString(16)}`;
}
