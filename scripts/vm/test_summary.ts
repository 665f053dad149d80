/** Numbers of a run of `deno test`. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  /** Skipped: in a guest there is no reason to. */
  readonly ignored: number;
}

const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed/;

/**
 * Reads the last line of `deno test`: `ok | 12 passed (3 steps) | 1 failed | 2 ignored (1s)`.
 *
 * @param lines What it printed.
 * @returns The numbers, or null without that line: it crashed.
 *
 * @example One failure
 * ```ts
 * import assert from "node:assert/strict";
 * const summary = testSummary(["FAILED | 3 passed | 1 failed (2s)"]);
 * assert.deepEqual(summary, { passed: 3, failed: 1, ignored: 0 });
 * ```
 */
export function testSummary(lines: readonly string[]): TestSummary | null {
  const line = lines.findLast((text) => SUMMARY.test(text));
  const numbers = line === undefined ? null : SUMMARY.exec(line);
  if (line === undefined || numbers === null) return null;
  const ignored = Number(/\| (\d+) ignored/.exec(line)?.[1] ?? 0);
  return { passed: Number(numbers[1]), failed: Number(numbers[2]), ignored };
}
