import type { Sample, Traffic, VipTraffic } from "./types.ts";

/** Traffic per second. */
export interface TrafficRate {
  /** Packets per second. */
  readonly packets: number;
  /** Bits per second. */
  readonly bits: number;
}

/** Traffic per second of one VIP. */
export interface VipRate extends TrafficRate {
  /** New flows per second. */
  readonly newFlows: number;
}

/** The difference of two samples over time. */
export interface Rates {
  /** Time between the samples, seconds. */
  readonly seconds: number;
  readonly total: {
    readonly sent: TrafficRate;
    readonly passed: TrafficRate;
    readonly dropped: TrafficRate;
  };
  /** By VIP index. */
  readonly vips: ReadonlyMap<number, VipRate>;
  /** By real index. */
  readonly reals: ReadonlyMap<number, TrafficRate>;
  /** Packets per second by drop reason. */
  readonly drops: ReadonlyMap<string, number>;
}

const NOTHING: VipTraffic = { packets: 0n, bytes: 0n, newFlows: 0n, serverIdMismatch: 0n };
const U64 = 1n << 64n;

/**
 * Rates between two samples. A counter that ran over keeps its rate; one that was reset, or appeared
 * in between, counts from zero.
 *
 * @param before the earlier sample
 * @param after the later sample; its VIPs, reals and drop reasons are those of the result
 * @returns all zero if no time passed
 */
export function rates(before: Sample, after: Sample): Rates {
  const seconds = Number(after.at - before.at) / 1e9;
  const per = (from: bigint, to: bigint) =>
    seconds <= 0 ? 0 : Number(counterDifference(from, to)) / seconds;
  const traffic = (from: Traffic, to: Traffic): TrafficRate => ({
    packets: per(from.packets, to.packets),
    bits: 8 * per(from.bytes, to.bytes),
  });
  const total = (name: string): TrafficRate =>
    traffic(totalTraffic(before, name), totalTraffic(after, name));
  return {
    seconds: Math.max(0, seconds),
    total: { sent: total("sent"), passed: total("passed"), dropped: total("dropped") },
    vips: mapValues(after.vips, (to, index) => {
      const from = before.vips.get(index) ?? NOTHING;
      return { ...traffic(from, to), newFlows: per(from.newFlows, to.newFlows) };
    }),
    reals: mapValues(after.reals, (to, index) => traffic(before.reals.get(index) ?? NOTHING, to)),
    drops: mapValues(after.drops, (to, reason) => per(before.drops.get(reason) ?? 0n, to)),
  };
}

/**
 * What a u64 counter counted between two readings. Half of the range tells overflow from reset.
 *
 * @param from earlier reading
 * @param to later reading
 */
export function counterDifference(from: bigint, to: bigint): bigint {
  const difference = (to - from + U64) % U64;
  return difference < U64 / 2n ? difference : to;
}

function totalTraffic({ counters }: Sample, name: string): Traffic {
  return {
    packets: counters.get(`${name}.packets`) ?? 0n,
    bytes: counters.get(`${name}.bytes`) ?? 0n,
  };
}

function mapValues<K, V, W>(
  map: ReadonlyMap<K, V>,
  change: (value: V, key: K) => W,
): ReadonlyMap<K, W> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]));
}
