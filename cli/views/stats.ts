import type { Sample } from "../../core/metrics/types.ts";
import type { State } from "../../core/state/types.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import { table, type TableOptions } from "../term/table.ts";
import { grouped } from "./numbers.ts";

/** Counters of a VIP. */
export interface VipStats {
  readonly vip: string;
  readonly name: string;
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly newFlows: bigint;
  readonly serverIdMismatch: bigint;
}

/** Counters of a real. */
export interface RealStats {
  readonly real: string;
  readonly name: string;
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** `weir stats --json` */
export interface StatsData {
  readonly balancer: string;
  readonly vips: readonly VipStats[];
  readonly reals: readonly RealStats[];
  /** Counters by name. */
  readonly counters: ReadonlyMap<string, bigint>;
  /** Dropped packets by reason. */
  readonly drops: ReadonlyMap<string, bigint>;
  /** Packets by the CPU that took them. */
  readonly cpus: readonly bigint[];
}

/**
 * All counters with the names of what they count.
 *
 * @param state what the balancer holds
 * @param sample counters by index
 */
export function statsData(state: State, sample: Sample): StatsData {
  const vips = [...state.vips.values()].map(({ index, config }): VipStats => {
    const { packets = 0n, bytes = 0n, newFlows = 0n, serverIdMismatch = 0n } =
      sample.vips.get(index) ?? {};
    return {
      vip: vipKeyText(config),
      name: config.name,
      packets,
      bytes,
      newFlows,
      serverIdMismatch,
    };
  });
  const reals = [...state.reals.values()].map(({ index, config }): RealStats => {
    const { packets = 0n, bytes = 0n } = sample.reals.get(index) ?? {};
    return { real: config.address.text, name: config.name, packets, bytes };
  });
  return {
    balancer: state.balancer,
    vips: vips.sort((a, b) => a.vip < b.vip ? -1 : 1),
    reals: reals.sort((a, b) => a.real < b.real ? -1 : 1),
    counters: sample.counters,
    drops: sample.drops,
    cpus: sample.cpus,
  };
}

/**
 * Draws counters: VIPs, reals, then what is not zero.
 *
 * @param data the counters
 * @param options width and colour
 */
export function statsLines(data: StatsData, options: TableOptions): readonly string[] {
  const name = { title: "NAME", flexible: true } as const;
  const number = (title: string) => ({ title, align: "right" }) as const;
  const vips = table(
    [{ title: "VIP" }, name, number("PACKETS"), number("BYTES"), number("NEW FLOWS")],
    data.vips.map((
      row,
    ) => [row.vip, row.name, ...[row.packets, row.bytes, row.newFlows].map(grouped)]),
    options,
  );
  const reals = table(
    [{ title: "REAL" }, name, number("PACKETS"), number("BYTES")],
    data.reals.map((row) => [row.real, row.name, ...[row.packets, row.bytes].map(grouped)]),
    options,
  );
  return [
    ...vips,
    "",
    ...reals,
    ...countLines("COUNTER", data.counters, options),
    ...countLines("DROPPED AS", data.drops, options),
    ...countLines("CPU", new Map(data.cpus.map((count, cpu) => [`${cpu}`, count])), options),
  ];
}

function countLines(
  title: string,
  counts: ReadonlyMap<string, bigint>,
  options: TableOptions,
): readonly string[] {
  const rows = [...counts].filter(([, count]) => count > 0n)
    .map(([name, count]) => [name, grouped(count)]);
  if (rows.length === 0) return [];
  return ["", ...table([{ title }, { title: "COUNT", align: "right" }], rows, options)];
}
