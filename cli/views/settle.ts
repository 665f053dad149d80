import { grouped } from "./numbers.ts";

/** `weir ring settle --json` */
export interface SettleData {
  readonly balancer: string;
  /** VIPs whose ring forgot old changes, wholly or in part. */
  readonly settled: readonly string[];
  /** Deleted reals that no flow needs any more. */
  readonly freed: readonly string[];
  /** VIPs whose ring still remembers a change, and on how many slots. */
  readonly unsettled: readonly { readonly vip: string; readonly slots: number }[];
}

/**
 * Draws what was settled, and what is not yet.
 *
 * @param data what the command did
 */
export function settleLines({ settled, freed, unsettled }: SettleData): readonly string[] {
  const lines = [
    ...settled.map((vip) => `ring ${vip}: settled`),
    ...freed.map((real) => `real ${real}: freed, no flow is on it`),
    ...unsettled.map(({ vip, slots }) =>
      `ring ${vip}: ${grouped(slots)} slots still lead older flows`
    ),
  ];
  return lines.length === 0 ? ["Nothing to settle"] : lines;
}
