import type { Sample, Traffic, VipTraffic } from "../../core/metrics/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { decode } from "../codec.ts";
import type { Layout } from "../layout.ts";
import { indexKey } from "../struct_map.ts";

/** Maps with one value per CPU. */
export interface CounterMaps {
  readonly counters: BpfMap;
  readonly vipCounters: BpfMap;
  readonly realCounters: BpfMap;
}

/** Indices whose counters are of interest. */
export interface CountedIndices {
  readonly vips: Iterable<number>;
  readonly reals: Iterable<number>;
}

const DROP_PREFIX = /^DROP_/;

/** Maps `counters`, `vip_counters` and `real_counters`, summed over CPUs. */
export class CountersMap {
  readonly #maps: CounterMaps;

  /** @param maps The maps. */
  constructor(maps: CounterMaps) {
    this.#maps = maps;
  }

  /**
   * Reads all counters.
   *
   * @param at When, ns of CLOCK_MONOTONIC.
   * @param indices VIPs and reals to read.
   * @returns The sample. Counters move on while it is taken.
   */
  read(at: bigint, indices: CountedIndices): Sample {
    const totals = sum(this.#maps.counters, 0, abi.Counters);
    return {
      at,
      vips: new Map([...indices.vips].map((vip) => [vip, this.vip(vip)])),
      reals: new Map([...indices.reals].map((real) => [real, this.real(real)])),
      counters: totals.scalars,
      drops: namedDrops(totals.arrays.get("drops") ?? []),
    };
  }

  /**
   * Reads the counters of a VIP.
   *
   * @param index Index of the VIP.
   * @returns Sums over CPUs.
   */
  vip(index: number): VipTraffic {
    const { scalars } = sum(this.#maps.vipCounters, index, abi.VipTraffic);
    return {
      ...traffic(scalars),
      newFlows: scalars.get("new_flows") ?? 0n,
      serverIdMismatch: scalars.get("server_id_mismatch") ?? 0n,
    };
  }

  /**
   * Reads the counters of a real.
   *
   * @param index Index of the real.
   * @returns Sums over CPUs.
   */
  real(index: number): Traffic {
    return traffic(sum(this.#maps.realCounters, index, abi.Traffic).scalars);
  }

  /**
   * Zeroes the counters of an index, before it is used anew.
   *
   * @param of What the index is of.
   * @param index The index.
   */
  reset(of: "vip" | "real", index: number): void {
    const map = of === "vip" ? this.#maps.vipCounters : this.#maps.realCounters;
    map.update(indexKey(index), new Uint8Array(map.valueBytes));
  }
}

interface Sums {
  /** By field, `struct.field` for nested ones. */
  readonly scalars: ReadonlyMap<string, bigint>;
  /** By field. */
  readonly arrays: ReadonlyMap<string, readonly bigint[]>;
}

/** Adds up the structs of all CPUs field by field. */
function sum<T>(map: BpfMap, index: number, layout: Layout<T>): Sums {
  const scalars = new Map<string, bigint>();
  const arrays = new Map<string, bigint[]>();
  const bytes = map.lookup(indexKey(index)) ?? new Uint8Array(0);
  for (let at = 0; at < bytes.length; at += Math.ceil(layout.size / 8) * 8) {
    addStruct("", decode(layout, bytes.subarray(at, at + layout.size)), scalars, arrays);
  }
  return { scalars, arrays };
}

function addStruct(
  prefix: string,
  struct: unknown,
  scalars: Map<string, bigint>,
  arrays: Map<string, bigint[]>,
): void {
  for (const [field, value] of Object.entries(struct as Readonly<Record<string, unknown>>)) {
    const name = `${prefix}${field}`;
    if (typeof value === "bigint") {
      scalars.set(name, (scalars.get(name) ?? 0n) + value);
    } else if (value instanceof BigUint64Array) {
      const before = arrays.get(name) ?? [];
      arrays.set(name, Array.from(value, (count, i) => count + (before[i] ?? 0n)));
    } else {
      addStruct(`${name}.`, value, scalars, arrays);
    }
  }
}

function traffic(scalars: ReadonlyMap<string, bigint>): Traffic {
  return { packets: scalars.get("packets") ?? 0n, bytes: scalars.get("bytes") ?? 0n };
}

function namedDrops(drops: readonly bigint[]): ReadonlyMap<string, bigint> {
  const { DROP_NONE, DROP_REASONS } = abi.DropReason;
  return new Map(
    Object.entries(abi.DropReason)
      .filter(([, number]) => number !== DROP_NONE && number !== DROP_REASONS)
      .map(([name, number]) => [name.replace(DROP_PREFIX, "").toLowerCase(), drops[number] ?? 0n]),
  );
}
