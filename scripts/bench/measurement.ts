import { quantile } from "../../core/bench/statistics.ts";

/** One figure of the control plane, and what it may be. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Largest value that is allowed; null: for information. */
  readonly limit: number | null;
}

/**
 * Is the figure what it may be?
 *
 * @param measurement The figure.
 */
export function isWithin({ value, limit }: Measurement): boolean {
  return limit === null || value <= limit;
}

/**
 * Times a function after it is warm.
 *
 * @param work What to time.
 * @param times Runs that count.
 * @returns Median, ms.
 */
export function medianMs(work: () => void, times = 15): number {
  for (let i = 0; i < times; i++) work();
  const taken = Array.from({ length: times }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return quantile(taken, 0.5);
}
