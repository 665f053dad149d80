/** Damage, as wires and attackers do it. */
import { concat, fromHex, readU16, writeU16 } from "../bytes.ts";
import { EtherType, HeaderBytes } from "../protocol.ts";
import type { Random } from "./random.ts";

type Mutation = (random: Random, frame: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  truncate,
  truncate,
  truncate,
  flipBit,
  flipHeaderBit,
  setHeaderByte,
  changeEtherType,
  fragment,
  insertOptions,
  pad,
  lieAboutLength,
];

/** A damaged copy of the frame. */
export function mutate(random: Random, frame: Uint8Array): Uint8Array {
  let damaged: Uint8Array = frame.slice();
  do {
    damaged = random.pick(MUTATIONS)(random, damaged);
  } while (random.oneIn(4));
  return damaged;
}

function truncate(random: Random, frame: Uint8Array): Uint8Array {
  return frame.slice(0, random.below(frame.length + 1));
}

function flipBit(random: Random, frame: Uint8Array): Uint8Array {
  return xorAt(frame, random.below(frame.length), 1 << random.below(8));
}

/** In the first 100 bytes, where the headers are. */
function flipHeaderBit(random: Random, frame: Uint8Array): Uint8Array {
  return xorAt(frame, random.below(Math.min(100, frame.length)), 1 << random.below(8));
}

function xorAt(frame: Uint8Array, at: number, bits: number): Uint8Array {
  if (at < frame.length) frame[at] = (frame[at] ?? 0) ^ bits;
  return frame;
}

function setHeaderByte(random: Random, frame: Uint8Array): Uint8Array {
  const at = random.below(Math.min(100, frame.length));
  if (at < frame.length) frame[at] = random.pick([0, 1, 4, 6, 17, 0x45, 0x60, 0x7f, 0x80, 0xff]);
  return frame;
}

function changeEtherType(random: Random, frame: Uint8Array): Uint8Array {
  const type = random.pick([0x0806, 0x86dd, 0x0800, 0x8100, 0x88a8, 0x9100, 0x8847]);
  if (frame.length >= HeaderBytes.ethernet) writeU16(frame, 12, type);
  return frame;
}

/** IPv4 behind an untagged header; other frames stay as they are. */
function ipv4At(frame: Uint8Array): number | null {
  const there = frame.length >= 34 && readU16(frame, 12) === EtherType.ipv4;
  return there ? HeaderBytes.ethernet : null;
}

function fragment(random: Random, frame: Uint8Array): Uint8Array {
  const l3 = ipv4At(frame);
  const word = random.pick([0x2000, 0x2001, 0x0001, 0x1fff, 0x6000, 0xc000]);
  if (l3 !== null) writeU16(frame, l3 + 6, word);
  return frame;
}

function insertOptions(random: Random, frame: Uint8Array): Uint8Array {
  const l3 = ipv4At(frame);
  if (l3 === null) return frame;
  frame[l3] = 0x40 | random.pick([6, 15, 4, 0]);
  return concat(frame.subarray(0, l3 + 20), fromHex("94040000"), frame.subarray(l3 + 20));
}

/** Bytes behind the packet, as Ethernet pads short frames. */
function pad(random: Random, frame: Uint8Array): Uint8Array {
  return concat(frame, new Uint8Array(random.between(1, 46)));
}

function lieAboutLength(random: Random, frame: Uint8Array): Uint8Array {
  const at = ipv4At(frame) === null ? HeaderBytes.ethernet + 4 : HeaderBytes.ethernet + 2;
  const length = random.pick([0, 1, 19, 20, 28, 0x7fff, 0xffec, 0xffff]);
  if (frame.length >= at + 2) writeU16(frame, at, length);
  return frame;
}
