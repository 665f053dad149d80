import type { Dataplane } from "../dataplane.ts";
import type { PlanOptions } from "./types.ts";

/** One tick is 2^24 ns (TICK_SHIFT of abi.h). */
const TICKS_PER_SECOND = 1e9 / 2 ** 24;
const HALF_MINUTE = Math.round(30 * TICKS_PER_SECOND);
const TWO_HOURS = Math.round(7200 * TICKS_PER_SECOND);

/**
 * Options for planning on a live balancer: its clock and flow table, and the default times: UDP flows
 * die after 30 s of silence, TCP flows after 2 h.
 *
 * @param dataplane the balancer
 */
export function defaultOptions(dataplane: Dataplane): PlanOptions {
  return {
    now: dataplane.now(),
    udpGraceTicks: HALF_MINUTE,
    idle: { tcp: TWO_HOURS, udp: HALF_MINUTE },
    flows: () => dataplane.flows(),
  };
}
