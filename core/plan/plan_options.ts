import type { Dataplane } from "../dataplane.ts";
import type { PlanOptions } from "./types.ts";

/** Times that a balancer is attached with, in seconds. */
export interface FlowTimes {
  /** Silence after which a TCP flow counts as ended. */
  readonly tcpIdle: number;
  /** The same for UDP. */
  readonly udpIdle: number;
  /** For how long after a change unknown UDP flows go to a slot's previous real. */
  readonly udpGrace: number;
}

/** The times if nothing else is said. */
export const DEFAULT_TIMES: FlowTimes = { tcpIdle: 7200, udpIdle: 30, udpGrace: 30 };

/** One tick is 2^24 ns (TICK_SHIFT of abi.h). */
const TICKS_PER_SECOND = 1e9 / 2 ** 24;

/**
 * The ticks of a time.
 *
 * @param seconds 0 or more
 */
export function ticks(seconds: number): number {
  return Math.round(seconds * TICKS_PER_SECOND);
}

/**
 * The time of ticks, to the second.
 *
 * @param time ticks, 0 or more
 */
export function seconds(time: number): number {
  return Math.round(time / TICKS_PER_SECOND);
}

/**
 * Options for planning on a live balancer: its clock, its flow table, its times.
 *
 * @param dataplane the balancer
 * @param times what it is attached with
 */
export function planOptions(dataplane: Dataplane, times: FlowTimes = DEFAULT_TIMES): PlanOptions {
  return {
    now: dataplane.now(),
    udpGraceTicks: ticks(times.udpGrace),
    idle: { tcp: ticks(times.tcpIdle), udp: ticks(times.udpIdle) },
    flows: () => dataplane.flows(),
  };
}
