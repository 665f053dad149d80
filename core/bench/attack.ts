/**
 * A flood of connection attempts over a million established flows, while a part of the slots has
 * just changed: what must not happen is that a flow loses its real.
 *
 * @module
 */
import { readU16, readU32, writeU32 } from "../packet/bytes.ts";
import { NO_REAL, SLOT_UNSTABLE } from "../ring/constants.ts";
import { flowHash, slotOf } from "../ring/flow_hash.ts";
import type { Ring } from "../state/types.ts";
import type { FrameTemplate } from "./types.ts";

/** How large an attack is. */
export interface AttackSize {
  /** Flows that have sent data when it begins: a power of two. */
  readonly established: number;
  /** SYNs of flows that nobody has seen. */
  readonly flood: number;
}

/** The attack that a release must stand. */
export const ATTACK: AttackSize = { established: 2 ** 20, flood: 10_000_000 };
/** One slot in so many is unstable. */
const UNSTABLE_EVERY = 20;
/** Least share of established flows that keep their real. */
export const KEPT_TARGET = 0.999;
/** What a SYN on a stable slot may cost more than a packet of a known flow. */
export const SYN_TARGET = 1.2;
/** The driver numbers client ports by the flow (bpf/bench.bpf.c). */
const FIRST_PORT = 1024;
const PORT_MASK = 0x7fff;

/** What became of the attack. */
export interface AttackReport {
  readonly established: number;
  /** Established flows with an entry in the flow table. */
  readonly unstable: number;
  readonly flood: number;
  /** Established flows that still went to their real afterwards. */
  readonly kept: number;
  /** Entries in the flow table afterwards, and how many fit. */
  readonly entries: number;
  readonly capacity: number;
  /** A packet of a known flow, and a SYN, both on stable slots; net ns. */
  readonly knownNs: number;
  readonly synNs: number;
}

/** The attack against what it must not do. */
export interface AttackVerdict {
  readonly keptShare: number;
  readonly synRatio: number;
  readonly within: boolean;
}

/**
 * Judges an attack.
 *
 * @param report What became of it.
 */
export function judgeAttack(report: AttackReport): AttackVerdict {
  const keptShare = report.kept / report.established;
  const synRatio = report.synNs / report.knownNs;
  const within = keptShare >= KEPT_TARGET && synRatio <= SYN_TARGET &&
    report.entries <= report.capacity;
  return { keptShare, synRatio, within };
}

/**
 * The ring just after a change: flows that are older than it belong to another real than the ring
 * names, so that a flow without its entry is sent to the wrong one.
 *
 * @param ring All slots stable.
 */
export function changedRing(ring: Ring): Ring {
  const slots = ring.slots.slice();
  const prev = new Uint16Array(slots.length);
  for (let slot = 0; slot < slots.length; slot += UNSTABLE_EVERY) {
    const real = slots[slot] ?? NO_REAL;
    slots[slot] = real | SLOT_UNSTABLE;
    prev[slot] = real === 1 ? 2 : real - 1;
  }
  return { ...ring, slots, prev };
}

/**
 * Slots of flows, as the driver numbers them.
 *
 * @param frame TCP over IPv4.
 * @param flows How many, from flow 0.
 */
export function flowSlots({ bytes, client, port }: FrameTemplate, flows: number): Uint32Array {
  const base = readU32(bytes, client);
  const destinationPort = readU16(bytes, port + 2);
  const source = new Uint8Array(16);
  return Uint32Array.from({ length: flows }, (_, flow) => {
    writeU32(source, 0, base + flow);
    return slotOf(flowHash(source, 4, FIRST_PORT + (flow & PORT_MASK), destinationPort));
  });
}
