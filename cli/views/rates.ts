import type { Rates, TrafficRate, VipRate } from "../../core/metrics/rates.ts";
import type { State } from "../../core/state/types.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import { table, type TableOptions } from "../term/table.ts";
import { truncate } from "../term/width.ts";
import { short, timeText } from "./numbers.ts";

/** Packets and bits per second of a VIP. */
export interface VipRateRow extends VipRate {
  readonly vip: string;
  readonly name: string;
}

/** Packets and bits per second of a real. */
export interface RealRateRow extends TrafficRate {
  readonly real: string;
  readonly name: string;
}

/** One look of `weir watch --json` or `--jsonl`; all numbers are per second. */
export interface RatesData {
  readonly balancer: string;
  readonly ifname: string;
  /** Unix time, s. */
  readonly at: number;
  readonly seconds: number;
  readonly total: Rates["total"];
  readonly vips: readonly VipRateRow[];
  readonly reals: readonly RealRateRow[];
  readonly drops: ReadonlyMap<string, number>;
}

const NOTHING: VipRate = { packets: 0, bits: 0, newFlows: 0 };

/**
 * Rates with the names of what they measure, busiest first.
 *
 * @param state what the balancer holds
 * @param rates rates by index
 * @param now Unix time, ms
 */
export function ratesData(state: State, rates: Rates, now: number): RatesData {
  const vips = [...state.vips.values()].map(({ index, config }): VipRateRow => ({
    vip: vipKeyText(config),
    name: config.name,
    ...rates.vips.get(index) ?? NOTHING,
  }));
  const reals = [...state.reals.values()].map(({ index, config }): RealRateRow => {
    const { packets, bits } = rates.reals.get(index) ?? NOTHING;
    return { real: config.address.text, name: config.name, packets, bits };
  });
  return {
    balancer: state.balancer,
    ifname: state.ifname,
    at: now / 1000,
    seconds: rates.seconds,
    total: rates.total,
    vips: vips.sort((a, b) => b.packets - a.packets || (a.vip < b.vip ? -1 : 1)),
    reals: reals.sort((a, b) => b.packets - a.packets || (a.real < b.real ? -1 : 1)),
    drops: rates.drops,
  };
}

/**
 * Draws one look.
 *
 * @param data the rates
 * @param options width and colour
 */
export function ratesLines(data: RatesData, options: TableOptions): readonly string[] {
  const { style, width } = options;
  const number = (title: string) => ({ title, align: "right" }) as const;
  const name = { title: "NAME", flexible: true } as const;
  const traffic = ({ packets, bits }: TrafficRate) => [short(packets), short(bits, "bit/s")];
  const { sent, passed, dropped } = data.total;
  const drops = [...data.drops].filter(([, rate]) => rate > 0);
  return [
    truncate(`${data.balancer} on ${data.ifname}, ${timeText(data.at)}`, width),
    "",
    ...table(
      [{ title: "ALL PACKETS" }, number("PACKET/S"), number("BIT/S")],
      [
        ["sent", ...traffic(sent)],
        ["passed", ...traffic(passed)],
        ["dropped", ...traffic(dropped).map(dropped.packets > 0 ? style.red : String)],
      ],
      options,
    ),
    "",
    ...table(
      [{ title: "VIP" }, name, number("PACKET/S"), number("BIT/S"), number("FLOW/S")],
      data.vips.map((row) => [row.vip, row.name, ...traffic(row), short(row.newFlows)]),
      options,
    ),
    "",
    ...table(
      [{ title: "REAL" }, name, number("PACKET/S"), number("BIT/S")],
      data.reals.map((row) => [row.real, row.name, ...traffic(row)]),
      options,
    ),
    ...(drops.length === 0 ? [] : [
      "",
      ...table(
        [{ title: "DROPPED AS" }, number("PACKET/S")],
        drops.map(([reason, rate]) => [reason, style.red(short(rate))]),
        options,
      ),
    ]),
  ];
}
