import { short } from "./numbers.ts";
import { formatDuration } from "../parse_duration.ts";

const BAR = 20;

/** One look at a real that drains; also `--json`, of the last look. */
export interface DrainData {
  readonly balancer: string;
  readonly vip: string;
  readonly real: string;
  /** Flows that the real still serves. */
  readonly flows: number;
  /** The most that were seen. */
  readonly peak: number;
  /** Packets per second to the real, of all its VIPs. */
  readonly packets: number;
  /** Since the drain began, and how long to wait at most. */
  readonly seconds: number;
  readonly limit: number;
  /** Whether the last flow is gone. */
  readonly finished: boolean;
}

/**
 * Draws a look at a real that drains, in one line.
 *
 * @param data the look
 */
export function drainLine({ flows, peak, packets, seconds, limit }: DrainData): string {
  const done = peak === 0 ? 0 : (peak - flows) / peak;
  const time = `${formatDuration(seconds)} of ${formatDuration(limit)}`;
  return `${bar(done)} ${flows} of ${peak} flows left, ${short(packets)} packet/s, ${time}`;
}

/**
 * Draws how far a ramp is, in one line.
 *
 * @param weight of now
 * @param to weight at the end
 * @param seconds since the begin
 * @param limit whole time
 */
export function rampLine(weight: number, to: number, seconds: number, limit: number): string {
  const time = `${formatDuration(seconds)} of ${formatDuration(limit)}`;
  return `${bar(seconds / limit)} weight ${weight}, on the way to ${to}, ${time}`;
}

function bar(done: number): string {
  const full = Math.max(0, Math.min(BAR, Math.round(BAR * done)));
  return `[${"#".repeat(full)}${"-".repeat(BAR - full)}]`;
}
