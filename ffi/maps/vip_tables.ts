import type { VipTableRow } from "../../core/dataplane.ts";
import { vipTable, type VipTableBucket, type VipTableEntry } from "../../core/state/vip_table.ts";
import * as abi from "../abi.gen.ts";
import { BpfMap, type MapEntry } from "../bpf_map.ts";
import { encode } from "../codec.ts";
import { DataplaneError } from "../errors.ts";
import { BPF_MAP_TYPE_ARRAY } from "../libbpf/kernel.gen.ts";
import { indexKey } from "../struct_map.ts";
import { encodeVipFlags, PROTOCOLS } from "./codes.ts";

const EMPTY: abi.VipEntry = {
  addr: new Uint8Array(16),
  port: 0,
  proto: 0,
  family: 0,
  flags: 0,
  vip: 0,
  more: 0,
};

/** Map `vip_tables`: the table that packets are matched against, swapped as a whole. */
export class VipTablesMap {
  readonly #map: BpfMap;
  readonly #buckets: number;

  /**
   * @param map The map.
   * @param buckets Buckets of a table, `vip_bucket_mask` + 1.
   */
  constructor(map: BpfMap, buckets: number) {
    this.#map = map;
    this.#buckets = buckets;
  }

  /**
   * Replaces the table.
   *
   * @param rows All VIPs; prefixes among them are left out.
   * @throws {DataplaneError} When they do not fit.
   */
  set(rows: readonly VipTableRow[]): void {
    const buckets = this.#build(rows);
    using table = createVipTable(this.#buckets);
    table.updateBatch(
      buckets.flatMap((bucket, i): readonly MapEntry[] =>
        bucket.entries.length === 0
          ? []
          : [[indexKey(i), encode(abi.VipBucket, { entry: encodeBucket(bucket) })]]
      ),
    );
    this.#map.update(indexKey(0), indexKey(table.fd));
  }

  #build(rows: readonly VipTableRow[]): readonly VipTableBucket[] {
    try {
      return vipTable(rows, this.#buckets);
    } catch (cause) {
      if (!(cause instanceof RangeError)) throw cause;
      const hint = "detach, and attach with room for more VIPs";
      const failed = { action: "write the VIP table", object: null, errno: null, hint };
      throw new DataplaneError({ ...failed, reason: cause.message }, { cause });
    }
  }
}

/**
 * Makes an empty table; also the template that the program is loaded with.
 *
 * @param buckets Buckets, a power of two.
 * @returns The map.
 */
export function createVipTable(buckets: number): BpfMap {
  return BpfMap.create({
    name: "vip_table",
    type: BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: abi.VipBucket.size,
    maxEntries: buckets,
  });
}

function encodeBucket({ entries, more }: VipTableBucket): readonly abi.VipEntry[] {
  const [first, second] = entries;
  return [
    { ...encodeEntry(first), more: more ? 1 : 0 },
    encodeEntry(second),
  ];
}

function encodeEntry(entry: VipTableEntry | undefined): abi.VipEntry {
  if (entry === undefined) return EMPTY;
  const { address, port, protocol, row } = entry;
  return {
    addr: address.bytes,
    port,
    proto: protocol === null ? 0 : PROTOCOLS[protocol],
    family: address.family,
    flags: row === null ? 0 : encodeVipFlags(row.config),
    vip: row === null ? 0 : row.index,
    more: 0,
  };
}
