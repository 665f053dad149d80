/** Edits of a frame in place; callers pass a copy. */
import type { Family } from "../../addr/types.ts";
import { readU16, writeU16 } from "../bytes.ts";
import { patchChecksum } from "../checksum.ts";

/** Exchanges Ethernet source and destination. */
export function swapMacs(frame: Uint8Array): void {
  swap(frame, 0, 6, 6);
}

/** Exchanges source and destination of the IP header at `l3`. */
export function swapAddresses(frame: Uint8Array, l3: number, family: Family): void {
  if (family === 4) swap(frame, l3 + 12, l3 + 16, 4);
  else swap(frame, l3 + 8, l3 + 24, 16);
}

/** Writes the word at `offset` and patches the checksum at `checksumAt` that covers it. */
export function replaceWord(
  frame: Uint8Array,
  offset: number,
  value: number,
  checksumAt: number,
): void {
  const before = readU16(frame, offset);
  writeU16(frame, offset, value);
  writeU16(frame, checksumAt, patchChecksum(readU16(frame, checksumAt), before, value));
}

function swap(frame: Uint8Array, first: number, second: number, length: number): void {
  const kept = frame.slice(first, first + length);
  frame.copyWithin(first, second, second + length);
  frame.set(kept, second);
}
