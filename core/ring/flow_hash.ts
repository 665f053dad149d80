import type { Family } from "../addr/types.ts";
import { RING_SIZE } from "./constants.ts";

/** Seeds of the flow hash; balancers of one fleet must agree on them. */
export interface FlowSeeds {
  readonly flow: number;
  /** Of the hash that folds an IPv6 source to 32 bits. */
  readonly ipv6: number;
}

/** katran's seeds: 512 VIPs x 65537 slots, and 512. Fixed here whatever the size of the tables. */
export const KATRAN_SEEDS: FlowSeeds = { flow: 33554944, ipv6: 512 };

/** Where Bob Jenkins' lookup3 starts (http://burtleburtle.net/bob/c/lookup3.c). */
const LOOKUP3_INIT = 0xdeadbeef;

/**
 * The hash that takes a flow to its slot, katran's bit for bit; bpf/hash.h is the same in C. The
 * destination address and the protocol take no part.
 *
 * @param source 16 bytes in map order
 * @param family of the packet
 * @param sourcePort as hashed: 0 for `no-source-port`
 * @param destinationPort as hashed: 0 for a VIP with port 0
 * @returns u32
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 *
 * const source = new Uint8Array(16);
 * source.set([192, 168, 1, 1]);
 * equal(slotOf(flowHash(source, 4, 31337, 80)), 48717);
 * ```
 */
export function flowHash(
  source: Uint8Array,
  family: Family,
  sourcePort: number,
  destinationPort: number,
  seeds: FlowSeeds = KATRAN_SEEDS,
): number {
  const address = family === 6 ? hashAddress(source, seeds.ipv6) : wordAt(source, 0);
  // The two ports as they lie in the packet, read as one little-endian word.
  const ports = swap16(sourcePort) | swap16(destinationPort) << 16;
  const init = seeds.flow + LOOKUP3_INIT + 8 | 0;
  return final(address + init | 0, ports + init | 0, init);
}

/**
 * hash mod 65537 without a division: 2^16 is -1 modulo 2^16 + 1.
 *
 * @param hash u32
 * @returns 0 to 65536
 */
export function slotOf(hash: number): number {
  const slot = (hash & 0xffff) - (hash >>> 16);
  return slot < 0 ? slot + RING_SIZE : slot;
}

/** lookup3 of 16 bytes. */
function hashAddress(bytes: Uint8Array, seed: number): number {
  const init = LOOKUP3_INIT + 16 + seed | 0;
  let a = init + wordAt(bytes, 0) | 0;
  let b = init + wordAt(bytes, 4) | 0;
  let c = init + wordAt(bytes, 8) | 0;
  a = (a - c | 0) ^ rotl(c, 4), c = c + b | 0;
  b = (b - a | 0) ^ rotl(a, 6), a = a + c | 0;
  c = (c - b | 0) ^ rotl(b, 8), b = b + a | 0;
  a = (a - c | 0) ^ rotl(c, 16), c = c + b | 0;
  b = (b - a | 0) ^ rotl(a, 19), a = a + c | 0;
  c = (c - b | 0) ^ rotl(b, 4), b = b + a | 0;
  return final(a + wordAt(bytes, 12) | 0, b, c);
}

function final(a: number, b: number, c: number): number {
  c = (c ^ b) - rotl(b, 14) | 0;
  a = (a ^ c) - rotl(c, 11) | 0;
  b = (b ^ a) - rotl(a, 25) | 0;
  c = (c ^ b) - rotl(b, 16) | 0;
  a = (a ^ c) - rotl(c, 4) | 0;
  b = (b ^ a) - rotl(a, 14) | 0;
  c = (c ^ b) - rotl(b, 24) | 0;
  return c >>> 0;
}

function rotl(word: number, shift: number): number {
  return word << shift | word >>> (32 - shift);
}

function swap16(port: number): number {
  return (port & 0xff) << 8 | port >>> 8;
}

function wordAt(bytes: Uint8Array, at: number): number {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = bytes.subarray(at, at + 4);
  return b0 | b1 << 8 | b2 << 16 | b3 << 24;
}
