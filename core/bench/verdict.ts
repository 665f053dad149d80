import type { Goal, PacketClass, Yardstick } from "./types.ts";

/** What the reference costs on the machine that the goals were measured on, net ns. */
export const REFERENCE_NS: Readonly<Record<Yardstick, number>> = { hot: 104, "64k": 400 };

/**
 * Which reference goes with a class: one whose flows take as much of the caches.
 *
 * @param each The class.
 */
export function yardstickOf({ goal, flows }: PacketClass): Yardstick {
  return goal?.yardstick ?? (flows < 2 ** 16 ? "hot" : "64k");
}

/** A class's cost against its goal. */
export interface Verdict {
  /** Cost as a share of what katran would take here. */
  readonly ratio: number;
  /** The largest ratio that is allowed. */
  readonly target: number;
  /** This machine's speed: cost of the reference here over its cost there. */
  readonly factor: number;
  /** What the class may cost here, net ns. */
  readonly limitNs: number;
  /** Cost over limit: 1 just reaches the target. */
  readonly load: number;
  readonly within: boolean;
}

/**
 * Judges a class.
 *
 * @param ns What it costs here, net ns.
 * @param referenceNs What the goal's reference costs here in the same run, net ns.
 * @param goal The goal.
 */
export function judge(ns: number, referenceNs: number, goal: Goal): Verdict {
  const factor = referenceNs / REFERENCE_NS[goal.yardstick];
  const katranNs = goal.katranNs * factor;
  const limitNs = katranNs * goal.share;
  return {
    ratio: ns / katranNs,
    target: goal.share,
    factor,
    limitNs,
    load: ns / limitNs,
    within: ns <= limitNs,
  };
}

/** The largest geometric mean of all ratios. */
export const MEAN_TARGET = 0.2;

/**
 * Geometric mean; a cost that vanishes in the noise counts as 0.001.
 *
 * @param ratios Ratios of classes.
 * @returns 1 without ratios.
 */
export function geometricMean(ratios: readonly number[]): number {
  const logs = ratios.map((ratio) => Math.log(Math.max(ratio, 0.001)));
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length));
}
