/** Numbers of a run of `deno test`. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  /** Skipped, as katran's suites are where their data is missing. */
  readonly ignored: number;
}

const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed/;

/**
 * Adds up the last lines of runs of `deno test`: `ok | 12 passed (3 steps) | 1 failed | 2 ignored (1s)`.
 *
 * @param lines What they printed.
 * @returns The sums, or null without such a line: all crashed.
 *
 * @example One failure
 * ```ts
 * import assert from "node:assert/strict";
 * const summary = testSummary(["ok | 2 passed | 0 failed (1s)", "FAILED | 3 passed | 1 failed (2s)"]);
 * assert.deepEqual(summary, { passed: 5, failed: 1, ignored: 0 });
 * ```
 */
export function testSummary(lines: readonly string[]): TestSummary | null {
  const runs = lines.flatMap((line) => {
    const numbers = SUMMARY.exec(line);
    if (numbers === null) return [];
    const ignored = Number(/\| (\d+) ignored/.exec(line)?.[1] ?? 0);
    return [{ passed: Number(numbers[1]), failed: Number(numbers[2]), ignored }];
  });
  if (runs.length === 0) return null;
  const sum = (key: keyof TestSummary) => runs.reduce((total, run) => total + run[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), ignored: sum("ignored") };
}
