import type { Sample, Traffic, VipTraffic } from "../../core/metrics/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { indexKey } from "../struct_map.ts";
import { eachCpu, sumOverCpus } from "./sum_over_cpus.ts";

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
    const totals = sumOverCpus(this.#maps.counters, 0, abi.Counters);
    return {
      at,
      vips: new Map([...indices.vips].map((vip) => [vip, this.vip(vip)])),
      reals: new Map([...indices.reals].map((real) => [real, this.real(real)])),
      counters: totals.scalars,
      drops: namedDrops(totals.arrays.get("drops") ?? []),
      cpus: [...eachCpu(this.#maps.counters, 0, abi.Counters)].map(({ sent, dropped, passed }) =>
        sent.packets + dropped.packets + passed.packets
      ),
    };
  }

  /**
   * Reads the counters of a VIP.
   *
   * @param index Index of the VIP.
   * @returns Sums over CPUs.
   */
  vip(index: number): VipTraffic {
    const { scalars } = sumOverCpus(this.#maps.vipCounters, index, abi.VipTraffic);
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
    return traffic(sumOverCpus(this.#maps.realCounters, index, abi.Traffic).scalars);
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
