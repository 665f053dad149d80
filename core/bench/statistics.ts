/** One turn of a measurement: the program under test between two runs of an empty one. */
export interface Round {
  /** Empty program before and after, ns a packet. */
  readonly nulls: readonly [number, number];
  /** The program, ns a packet. */
  readonly loaded: number;
}

/** What a program costs a packet, net of the empty one. */
export interface Cost {
  /** Median of the rounds, ns. */
  readonly ns: number;
  readonly p25: number;
  readonly p75: number;
  /** Fastest run less the fastest empty one: what noise can only add to. */
  readonly floor: number;
  /** Rounds that count. */
  readonly rounds: number;
  /** Rounds thrown away for noise. */
  readonly noisy: number;
}

/** A round counts if its empty runs are within this of the best. */
const TOLERANCE = 1.05;

/**
 * Is a round free of a neighbour's noise?
 *
 * @param round The round.
 * @param best Fastest empty run of all rounds.
 */
export function isQuiet({ nulls }: Round, best: number): boolean {
  return Math.max(...nulls) <= best * TOLERANCE;
}

/**
 * The fastest run of the empty program.
 *
 * @param rounds At least one.
 * @returns ns a packet.
 */
export function bestNull(rounds: readonly Round[]): number {
  return Math.min(...rounds.flatMap(({ nulls }) => nulls));
}

/**
 * What rounds say. On a host without a quiet moment the least noisy half of them counts.
 *
 * @param rounds At least one.
 * @throws {RangeError} Without rounds.
 */
export function costOf(rounds: readonly Round[]): Cost {
  const best = bestNull(rounds);
  const quiet = rounds.filter((round) => isQuiet(round, best));
  const kept = 2 * quiet.length >= rounds.length ? quiet : calmestHalf(rounds);
  const net = kept.map(({ loaded, nulls }) => loaded - (nulls[0] + nulls[1]) / 2);
  return {
    ns: quantile(net, 0.5),
    p25: quantile(net, 0.25),
    p75: quantile(net, 0.75),
    floor: Math.min(...rounds.map(({ loaded }) => loaded)) - best,
    rounds: kept.length,
    noisy: rounds.length - kept.length,
  };
}

function calmestHalf(rounds: readonly Round[]): readonly Round[] {
  const noise = ({ nulls }: Round) => Math.max(...nulls);
  const sorted = rounds.toSorted((a, b) => noise(a) - noise(b));
  return sorted.slice(0, Math.ceil(rounds.length / 2));
}

/**
 * Puts the costs of several loads of one program together: where code and tables come to lie
 * differs from load to load.
 *
 * @param costs One of each load, at least one.
 * @returns Median of the loads; quartiles from the lowest to the highest.
 * @throws {RangeError} Without costs.
 */
export function mergeCosts(costs: readonly Cost[]): Cost {
  const sum = (field: "rounds" | "noisy") => costs.reduce((sum, cost) => sum + cost[field], 0);
  return {
    ns: quantile(costs.map(({ ns }) => ns), 0.5),
    p25: Math.min(...costs.map(({ p25 }) => p25)),
    p75: Math.max(...costs.map(({ p75 }) => p75)),
    floor: Math.min(...costs.map(({ floor }) => floor)),
    rounds: sum("rounds"),
    noisy: sum("noisy"),
  };
}

/**
 * A quantile, between two values by their distance.
 *
 * @param values At least one, in any order.
 * @param q 0 to 1; 0.5 is the median.
 * @throws {RangeError} Without values.
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) {
    throw new RangeError("Cannot take a quantile of no values");
  }
  return low + (high - low) * (at - Math.floor(at));
}
