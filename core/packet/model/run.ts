import type { Counters } from "./counters.ts";
import { type Decision, drop, type DropReason, PASS } from "./decision.ts";
import type { FlowTable } from "./flow_table.ts";
import type { Packet } from "./packet.ts";
import type { RateGate } from "./rate_gate.ts";
import type { Host, Settings } from "./settings.ts";
import type { Tables } from "./tables.ts";

/** Everything a step may look at besides the packet, at one instant. */
export interface Run {
  readonly settings: Settings;
  readonly host: Host;
  readonly tables: Tables;
  readonly flows: FlowTable;
  readonly connGate: RateGate;
  readonly tooBigGate: RateGate;
  readonly counters: Counters;
  /** CLOCK_MONOTONIC, ns. */
  readonly now: bigint;
  /** `now` in ticks of 2^24 ns, u32. */
  readonly tick: number;
}

/**
 * What the document marks (*): a packet that cannot be balanced is dropped if it is for a VIP,
 * and none of our business otherwise. katran drops it in any case.
 */
export function dropIfForVip(run: Run, packet: Packet, reason: DropReason): Decision {
  const { compatKatran } = run.settings;
  const forVip = compatKatran || run.tables.isVipAddress(packet.family, packet.destination);
  return forVip ? drop(reason) : PASS;
}

/** Ticks from `then` to now, across a wrap of the u32 counter. */
export function ticksSince(run: Run, then: number): number {
  return (run.tick - then) >>> 0;
}
