import type { Family } from "../../core/addr/types.ts";
import type { FlowEntry } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { monotonicNs, ticksOf } from "../clock.ts";
import { decode, encode } from "../codec.ts";
import type { TableSettings } from "../default_settings.ts";
import { MappedMemory } from "../mapped_memory.ts";

/** VIP_HASH_K of bpf/hash.h. */
const HASH_K = 0x9E3779B97F4A7C15n;
const REAL_MASK = BigInt(abi.SLOT_REAL_MASK);
const REAL_SHIFT = BigInt(abi.FLOW_REAL_SHIFT);
const CARRIED = 1n << BigInt(abi.FLOW_CARRIED_SHIFT);
const AGE_SHIFT = BigInt(abi.FLOW_AGE_SHIFT);
const AGE_MASK = 0xffff;

/** A flow's real and when it was last seen, tick. */
export interface Flow {
  readonly real: number;
  readonly lastSeen: number;
}

/**
 * Map `flows`: flows whose real the ring does not tell. Its memory is shared with the running
 * program: an entry is one word, and is read and written as one.
 */
export class FlowsMap implements Disposable {
  readonly #memory: MappedMemory;
  readonly #tables: TableSettings;

  /**
   * @param map The map.
   * @param tables How the program was told to use it.
   */
  constructor(map: BpfMap, tables: TableSettings) {
    this.#memory = new MappedMemory(map);
    this.#tables = tables;
  }

  /** Flows that fit. */
  get capacity(): number {
    return (this.#tables.flow_bucket_mask + 1) * abi.FLOW_WAYS;
  }

  /** Flows that are there, dead ones included. */
  get used(): number {
    let used = 0;
    for (const heads of this.#buckets()) for (const head of heads) if (head !== 0n) used++;
    return used;
  }

  /**
   * Lists the flows; those that come or go meanwhile can be missed.
   *
   * @param families Family of each VIP by index. For a deleted VIP it is guessed: an address that
   *   ends in 12 zero bytes is IPv4.
   * @returns Flows in no order.
   */
  *entries(families: ReadonlyMap<number, Family>): Generator<FlowEntry> {
    const now = ticksOf(monotonicNs());
    let bucket = 0;
    for (const heads of this.#buckets()) {
      for (const [way, head] of heads.entries()) {
        if (head === 0n) continue;
        const key = decode(abi.FlowKey, this.#keyBytes(bucket, way));
        // An entry that changed hands meanwhile has the key of one flow and the real of another.
        if (heads[way] === head) yield entryOf(key, head, now, families);
      }
      bucket++;
    }
  }

  /**
   * Reads one flow.
   *
   * @param key The flow.
   * @returns Its real and when it was last seen, or null.
   */
  get(key: abi.FlowKey): Flow | null {
    const { heads, tag } = this.#locate(key);
    const head = heads.find((word) => word !== 0n && BigInt.asUintN(32, word) === tag);
    const now = ticksOf(monotonicNs());
    return head === undefined ? null : { real: realOf(head), lastSeen: lastSeenOf(head, now) };
  }

  /**
   * Remembers a flow that carried data.
   *
   * @param key The flow.
   * @param flow Its real and when it was last seen; null forgets it.
   * @returns Whether there was room.
   */
  set(key: abi.FlowKey, flow: Flow | null): boolean {
    const { heads, tag, bucket } = this.#locate(key);
    const known = heads.findIndex((word) => word !== 0n && BigInt.asUintN(32, word) === tag);
    if (flow === null) {
      if (known >= 0) heads[known] = 0n;
      return true;
    }
    const way = known >= 0 ? known : heads.indexOf(0n);
    if (way < 0) return false;
    this.#keyBytes(bucket, way).set(encode(abi.FlowKey, key));
    const age = BigInt(flow.lastSeen >>> abi.FLOW_AGE_TICK_SHIFT & AGE_MASK);
    heads[way] = tag | BigInt(flow.real) << REAL_SHIFT | CARRIED | age << AGE_SHIFT;
    return true;
  }

  /**
   * Forgets flows.
   *
   * @param families As for `entries`.
   * @param which Whether to forget this one.
   * @returns How many were forgotten.
   */
  purge(families: ReadonlyMap<number, Family>, which: (flow: FlowEntry) => boolean): number {
    const now = ticksOf(monotonicNs());
    let purged = 0;
    let bucket = 0;
    for (const heads of this.#buckets()) {
      for (const [way, head] of heads.entries()) {
        if (head === 0n) continue;
        const key = decode(abi.FlowKey, this.#keyBytes(bucket, way));
        if (heads[way] !== head || !which(entryOf(key, head, now, families))) continue;
        heads[way] = 0n;
        purged++;
      }
      bucket++;
    }
    return purged;
  }

  [Symbol.dispose](): void {
    this.#memory[Symbol.dispose]();
  }

  /** The head words of each bucket, live. */
  *#buckets(): Generator<BigUint64Array> {
    for (let bucket = 0; bucket <= this.#tables.flow_bucket_mask; bucket++) {
      yield this.#heads(bucket);
    }
  }

  #heads(bucket: number): BigUint64Array {
    const at = bucket * abi.FlowBucket.size;
    return new BigUint64Array(this.#memory.buffer, at, abi.FLOW_WAYS);
  }

  #keyBytes(bucket: number, way: number): Uint8Array {
    const keys = bucket * abi.FlowBucket.size + abi.FLOW_WAYS * 8;
    return new Uint8Array(
      this.#memory.buffer,
      keys + way * abi.FlowKey.size,
      abi.FlowKey.size,
    );
  }

  #locate(key: abi.FlowKey): { heads: BigUint64Array; tag: bigint; bucket: number } {
    const hash = flowKeyHash(encode(abi.FlowKey, key), this.#tables.flow_seed);
    const bucket = Number(BigInt.asUintN(32, hash)) & this.#tables.flow_bucket_mask;
    const tag = hash >> 32n;
    return { heads: this.#heads(bucket), tag: tag === 0n ? 1n : tag, bucket };
  }
}

/** flow_key_hash of bpf/hash.h. */
export function flowKeyHash(key: Uint8Array, seed: number): bigint {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  const multiply = (word: bigint) => BigInt.asUintN(64, word * HASH_K);
  let hash = multiply(view.getBigUint64(0, true) ^ BigInt(seed));
  hash = multiply(hash ^ hash >> 32n ^ view.getBigUint64(8, true));
  hash = multiply(hash ^ hash >> 32n ^ view.getBigUint64(16, true));
  hash = multiply(hash ^ hash >> 32n);
  return hash ^ hash >> 32n;
}

function realOf(head: bigint): number {
  return Number(head >> REAL_SHIFT & REAL_MASK);
}

/** The entry keeps 16 bits of the time; it is younger than they last. */
function lastSeenOf(head: bigint, now: number): number {
  const unit = now >>> abi.FLOW_AGE_TICK_SHIFT;
  const silent = (unit - Number(head >> AGE_SHIFT)) & AGE_MASK;
  return ((unit - silent) << abi.FLOW_AGE_TICK_SHIFT) >>> 0;
}

function entryOf(
  { src, sport, dport, vip }: abi.FlowKey,
  head: bigint,
  now: number,
  families: ReadonlyMap<number, Family>,
): FlowEntry {
  const family = families.get(vip) ?? (src.subarray(4).some((byte) => byte !== 0) ? 6 : 4);
  return {
    vip,
    source: family === 4 ? src.subarray(0, 4) : src,
    family,
    sourcePort: sport,
    destinationPort: dport,
    real: realOf(head),
    lastSeen: lastSeenOf(head, now),
  };
}
