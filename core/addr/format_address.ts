import type { Family } from "./types.ts";

/**
 * Writes an address in canonical form: dotted quad, or RFC 5952 (lower case, the first longest run
 * of two or more zero groups as `::`, and `::ffff:0:0/96` with a dotted tail, section 5).
 *
 * @param family address family
 * @param bytes at least 4 (IPv4) or 16 (IPv6) bytes in network order
 */
export function formatAddress(family: Family, bytes: Uint8Array): string {
  if (family === 4) return bytes.subarray(0, 4).join(".");
  const groups = Array.from(
    { length: 8 },
    (_, i) => (bytes[2 * i] ?? 0) << 8 | (bytes[2 * i + 1] ?? 0),
  );
  if (groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0)) {
    return `::ffff:${bytes.subarray(12, 16).join(".")}`;
  }
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function hex(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(":");
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  const best = { start: 0, length: 0 };
  let length = 0;
  for (const [i, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) {
      best.start = i + 1 - length;
      best.length = length;
    }
  }
  return best;
}
