/** A weight, and when it is due. */
export interface RampStep {
  /** Seconds after the begin. */
  readonly at: number;
  readonly weight: number;
}

/** Each step builds a ring and touches its slots; more would be no smoother for clients. */
const MOST_STEPS = 30;

/**
 * The steps of a change of weight that is spread over time: evenly, at most one a second and 30 in
 * all, each with another weight than the one before.
 *
 * @param from weight at the begin
 * @param to weight at the end
 * @param seconds whole time, more than 0
 * @returns the first step is `from` at once, the last `to` at the end
 */
export function rampSteps(from: number, to: number, seconds: number): readonly RampStep[] {
  if (from === to) return [{ at: 0, weight: from }];
  const count = Math.max(1, Math.min(Math.abs(to - from), Math.floor(seconds), MOST_STEPS));
  return Array.from({ length: count + 1 }, (_, i) => ({
    at: seconds * i / count,
    weight: Math.round(from + (to - from) * i / count),
  }));
}
