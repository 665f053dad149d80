import { parseDuration } from "../../parse_duration.ts";

/** A change of weight over time. */
export interface Ramp {
  /** Weights, 0 to 65535. */
  readonly from: number;
  readonly to: number;
  readonly seconds: number;
}

/**
 * Reads a ramp: `0:100:5m`.
 *
 * @param input argument
 * @throws {SyntaxError} if it is none
 */
export function parseRamp(input: string): Ramp {
  const [, from, to, time] = /^(\d{1,5}):(\d{1,5}):(.+)$/.exec(input) ?? [];
  if (time === undefined || Number(from) > 65535 || Number(to) > 65535) {
    throw new SyntaxError(
      `Expected weights from 0 to 65535 and a time, as in 0:100:5m, but found "${input}"`,
    );
  }
  return { from: Number(from), to: Number(to), seconds: parseDuration(time) };
}
