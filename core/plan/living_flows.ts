import type { State } from "../state/types.ts";
import type { PlanOptions } from "./types.ts";

/** Which reals the living flows of each VIP index are on, by VIP index. */
export type LivingFlows = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * Reads the flow table once and keeps what a decision about indices needs. Entries silent for longer
 * than the idle time of their VIP's protocol count as dead, those of deleted VIPs by TCP's.
 *
 * @param state what the kernel holds
 * @param options clock, idle times and the flow table
 * @returns reals by VIP index, deleted VIPs included
 */
export function livingFlows(state: State, options: PlanOptions): LivingFlows {
  const living = new Map<number, Set<number>>();
  for (const entry of options.flows()) {
    const udp = state.vips.get(entry.vip)?.config.protocol === "udp";
    if (isIdle(entry.lastSeen, options.now, udp ? options.idle.udp : options.idle.tcp)) continue;
    const reals = living.get(entry.vip);
    if (reals === undefined) living.set(entry.vip, new Set([entry.real]));
    else reals.add(entry.real);
  }
  return living;
}

/**
 * Whether more than `idle` ticks passed between two u32 ticks.
 *
 * @param seen tick of the last packet; may lie a little in the future, another CPU wrote it
 * @param now tick of this instant
 * @param idle ticks
 */
export function isIdle(seen: number, now: number, idle: number): boolean {
  return ((now - seen) | 0) > idle;
}
