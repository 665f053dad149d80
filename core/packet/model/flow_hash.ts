import type { Family } from "../../addr/types.ts";
import { readU8 } from "../bytes.ts";

const RING_SIZE = 65537;
const GOLDEN = 0xdeadbeef;
const SEED = 0x02000200; // katran: VIPs x ring size
const SEED_V6 = 512; // katran: VIPs

/** katran's flow hash, u32. */
export function flowHash(source: Uint8Array, family: Family, sport: number, dport: number): number {
  const word = family === 4 ? littleU32(source, 0) : hashV6(source);
  const ports = swap16(sport) | swap16(dport) << 16;
  const initial = (SEED + GOLDEN + 8) | 0;
  return finish(word + initial | 0, ports + initial | 0, initial);
}

/** The ring slot of a hash. */
export function slotOf(hash: number): number {
  return hash % RING_SIZE;
}

function hashV6(source: Uint8Array): number {
  const initial = (GOLDEN + 16 + SEED_V6) | 0;
  let a = initial + littleU32(source, 0) | 0;
  let b = initial + littleU32(source, 4) | 0;
  let c = initial + littleU32(source, 8) | 0;
  a = (a - c) ^ rotate(c, 4), c = c + b | 0;
  b = (b - a) ^ rotate(a, 6), a = a + c | 0;
  c = (c - b) ^ rotate(b, 8), b = b + a | 0;
  a = (a - c) ^ rotate(c, 16), c = c + b | 0;
  b = (b - a) ^ rotate(a, 19), a = a + c | 0;
  c = (c - b) ^ rotate(b, 4), b = b + a | 0;
  return finish(a + littleU32(source, 12) | 0, b, c);
}

function finish(a: number, b: number, c: number): number {
  c = (c ^ b) - rotate(b, 14) | 0;
  a = (a ^ c) - rotate(c, 11) | 0;
  b = (b ^ a) - rotate(a, 25) | 0;
  c = (c ^ b) - rotate(b, 16) | 0;
  a = (a ^ c) - rotate(c, 4) | 0;
  b = (b ^ a) - rotate(a, 14) | 0;
  c = (c ^ b) - rotate(b, 24) | 0;
  return c >>> 0;
}

function rotate(word: number, bits: number): number {
  return word << bits | word >>> (32 - bits);
}

function swap16(port: number): number {
  return (port & 0xff) << 8 | port >> 8;
}

function littleU32(bytes: Uint8Array, offset: number): number {
  return readU8(bytes, offset) | readU8(bytes, offset + 1) << 8 |
    readU8(bytes, offset + 2) << 16 | readU8(bytes, offset + 3) << 24;
}
