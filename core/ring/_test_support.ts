import type { Address } from "../addr/types.ts";
import { parseAddress } from "../addr/parse_address.ts";
import type { RingMember } from "./maglev.ts";

/** The address, or an error that names the text. */
export function mustParse(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`Cannot parse address "${text}"`);
  return address;
}

/** Members numbered from 1 in order. */
export function members(
  rows: readonly (readonly [address: string, weight: number])[],
): RingMember[] {
  return rows.map(([text, weight], i) => ({ real: i + 1, address: mustParse(text), weight }));
}

/** Members 10.0.0.0, 10.0.0.1, ... numbered from 1. */
export function manyMembers(count: number, weightOf: (i: number) => number): RingMember[] {
  const rows = Array.from(
    { length: count },
    (_, i) => [`10.0.${i >> 8}.${i & 255}`, weightOf(i)] as const,
  );
  return members(rows);
}

/** SHA-256 of a ring as little-endian u32, in hexadecimal: the form katran's rings are published in. */
export async function sha256(ring: Uint16Array): Promise<string> {
  const bytes = new DataView(new ArrayBuffer(4 * ring.length));
  ring.forEach((real, i) => bytes.setUint32(4 * i, real, true));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Slots of each real by index, 0 included. */
export function shares(ring: Uint16Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const real of ring) counts.set(real, (counts.get(real) ?? 0) + 1);
  return counts;
}
