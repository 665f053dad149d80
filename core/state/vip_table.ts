import type { Address } from "../addr/types.ts";
import type { VipTableRow } from "../dataplane.ts";
import type { Protocol } from "./types.ts";

/** A key of the table: a VIP, or the mark that an address belongs to some VIP. */
export interface VipTableEntry {
  readonly address: Address;
  /** 0 in a mark. */
  readonly port: number;
  /** null in a mark. */
  readonly protocol: Protocol | null;
  /** null in a mark. */
  readonly row: VipTableRow | null;
}

/** One cache line of the table. */
export interface VipTableBucket {
  /** At most two. */
  readonly entries: readonly VipTableEntry[];
  /** A key whose first choice is this bucket stands in its second choice. */
  readonly more: boolean;
}

/** Where a key may stand; both can be the same bucket. */
export interface VipTableChoices {
  readonly first: number;
  readonly second: number;
}

interface Placed extends VipTableEntry, VipTableChoices {}

const BUCKET_SIZE = 2;
/** VIP_HASH_K of bpf/hash.h. */
const HASH_K = 0x9E3779B97F4A7C15n;
const PROTOCOL_NUMBERS: Readonly<Record<Protocol, bigint>> = { tcp: 6n, udp: 17n };

/**
 * Builds the table that packets are matched against: a cuckoo hash (Pagh and Rodler 2004) of two
 * choices with two entries each. The data plane reads one bucket, and a second one only where
 * `more` says so. VIPs that are prefixes have no place here.
 *
 * The table depends on the set of VIPs, not on their order. It holds any set for which a placement
 * exists, since entries are moved along augmenting paths; at half load one practically always does.
 *
 * @param rows VIPs by index
 * @param buckets number of buckets, a power of two
 * @returns the buckets in order
 * @throws {RangeError} if the VIPs do not fit, or one is there twice
 */
export function vipTable(
  rows: readonly VipTableRow[],
  buckets: number,
): readonly VipTableBucket[] {
  const table = Array.from({ length: buckets }, (): Placed[] => []);
  const entries = keysOf(rows);
  for (const entry of entries) {
    const key = { ...entry, ...vipTableChoices(entry, buckets) };
    if (place(table, key)) continue;
    throw new RangeError(
      `Cannot build a VIP table of ${buckets} buckets: "${entry.address.text}" finds no place ` +
        `among ${entries.length} entries`,
    );
  }
  const moved = new Set(
    table.flatMap((bucket, i) => bucket.filter((key) => key.first !== i)).map((key) => key.first),
  );
  return table.map((bucket, i) => ({ entries: bucket, more: moved.has(i) }));
}

/**
 * Where the data plane looks for a key (vip_hash in bpf/hash.h).
 *
 * @param entry address, port and protocol
 * @param buckets number of buckets, a power of two
 * @returns the bucket that is read first, and the other
 */
export function vipTableChoices(
  { address, port, protocol }: Omit<VipTableEntry, "row">,
  buckets: number,
): VipTableChoices {
  const words = new DataView(address.bytes.buffer, address.bytes.byteOffset, 16);
  const number = protocol === null ? 0n : PROTOCOL_NUMBERS[protocol];
  // The port lies in network order in the word that the program reads in host order.
  const portWord = BigInt((port & 0xff) << 8 | port >> 8);
  const tail = portWord | number << 16n | BigInt(address.family) << 24n;
  let hash = scramble(words.getBigUint64(0, true) + (tail << 32n));
  if (address.family === 6) hash = scramble(hash ^ words.getBigUint64(8, true));
  hash = scramble(hash);
  const mask = BigInt(buckets - 1);
  return { first: Number(hash & mask), second: Number(u64(hash * HASH_K) >> 32n & mask) };
}

/** VIPs and one mark per address, in an order of their own. */
function keysOf(rows: readonly VipTableRow[]): readonly VipTableEntry[] {
  const keys = new Map<string, VipTableEntry>();
  for (const row of rows) {
    const { address, prefixLength, port, protocol } = row.config;
    if (prefixLength !== (address.family === 4 ? 32 : 128)) continue;
    const name = `${address.text} ${protocol} ${port}`;
    if (keys.has(name)) throw new RangeError(`Cannot build a VIP table with "${name}" twice`);
    keys.set(name, { address, port, protocol, row });
    keys.set(address.text, { address, port: 0, protocol: null, row: null });
  }
  return [...keys].sort(([a], [b]) => a < b ? -1 : 1).map(([, entry]) => entry);
}

function place(table: readonly Placed[][], key: Placed): boolean {
  const choices = [key.first, key.second];
  const seen = new Set<number>();
  const bucket = choices.find((i) => !isFull(table, i)) ??
    choices.find((i) => makeRoom(table, i, seen));
  if (bucket === undefined) return false;
  table[bucket]?.push(key);
  return true;
}

/** Moves one entry of a full bucket to its other choice, which may have to move one in turn. */
function makeRoom(table: readonly Placed[][], index: number, seen: Set<number>): boolean {
  if (seen.has(index)) return false;
  seen.add(index);
  const bucket = table[index] ?? [];
  for (const [i, entry] of bucket.entries()) {
    const other = entry.first === index ? entry.second : entry.first;
    if (other === index || (isFull(table, other) && !makeRoom(table, other, seen))) continue;
    bucket.splice(i, 1);
    table[other]?.push(entry);
    return true;
  }
  return false;
}

function isFull(table: readonly Placed[][], index: number): boolean {
  return (table[index]?.length ?? 0) >= BUCKET_SIZE;
}

/** Multiplies, and folds the high bits, which are the good ones, onto the low ones. */
function scramble(value: bigint): bigint {
  const product = u64(value * HASH_K);
  return product ^ product >> 32n;
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
