import type { Address } from "./types.ts";

/** Why no server can be reached at an address, in words that follow "is": `a loopback address`. */
export type UnusableKind =
  | "unspecified"
  | "a loopback address"
  | "a link-local address"
  | "a multicast address"
  | "the broadcast address"
  | "an IPv4-mapped address";

/**
 * Why an address can be neither a VIP's nor a real's.
 *
 * @param address any address
 * @returns null if it can be
 */
export function unusableKind({ family, bytes }: Address): UnusableKind | null {
  const [first = 0, second = 0] = bytes;
  const all = (length: number, value: number) =>
    bytes.subarray(0, length).every((byte) => byte === value);
  if (bytes.every((byte) => byte === 0)) return "unspecified";
  if (family === 4) {
    if (first === 127) return "a loopback address";
    if (first === 169 && second === 254) return "a link-local address";
    if (first >= 224 && first < 240) return "a multicast address";
    return all(4, 255) ? "the broadcast address" : null;
  }
  if (first === 0xff) return "a multicast address";
  if (first === 0xfe && (second & 0xc0) === 0x80) return "a link-local address";
  if (all(15, 0) && bytes[15] === 1) return "a loopback address";
  return all(10, 0) && bytes[10] === 255 && bytes[11] === 255 ? "an IPv4-mapped address" : null;
}
