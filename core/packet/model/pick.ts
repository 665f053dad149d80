/** Section 4 of docs/dataplane.md: which real a flow goes to. */
import { NO_REAL } from "../../ring/constants.ts";
import { IpProtocol } from "../protocol.ts";
import {
  flowKey,
  globallyKnownReal,
  knownReal,
  reconcile,
  rememberFlow,
  takeOverEntry,
} from "./affinity.ts";
import { type Decision, drop, isDecision } from "./decision.ts";
import type { FlowKey } from "./flow_table.ts";
import { identify } from "./identify.ts";
import type { Flow, Packet } from "./packet.ts";
import { type Run, ticksSince } from "./run.ts";
import { findSlot, type Slot } from "./slot.ts";
import type { ModelVip } from "./tables.ts";
import type { VipMatch } from "./vip.ts";

/** Flags whose flows may differ from the ring, so that the table is always asked. */
const EXCEPTION_FLAGS = ["quic", "udp-stable", "tcp-server-id", "source-routing"] as const;

/** A real and who knew it. */
export interface Pick {
  /** Index of the real. */
  readonly real: number;
  readonly by: "identifier" | "flow" | "source" | "ring";
}

/** The real to send to, or a drop. */
export function pickReal(
  run: Run,
  packet: Packet,
  flow: Flow,
  match: VipMatch,
): Pick | Decision {
  const { vip } = match;
  const key = flowKey(run, packet, flow, match);
  const slot = findSlot(run, packet, flow, match);

  const identified = identify(run, packet, flow, vip);
  if (identified !== null) {
    if (isDecision(identified)) return identified;
    reconcile(run, vip, key, slot, identified);
    return { real: identified.real, by: "identifier" };
  }
  const remember = remembers(run, vip, slot);
  if (!flow.syn) {
    const known = (remember ? localFlow(run, key, flow, vip) : null) ??
      globalFlow(run, key, vip);
    if (known !== null) return { real: known, by: "flow" };
  }
  const bySource = sourceReal(run, packet, flow, vip);
  const real = bySource ?? ringReal(run, flow, vip, slot);
  if (real === NO_REAL) return drop("no_real");
  const exception = slot.unstable || vip.config.affinity === "always" ||
    (remember && real !== slot.current);
  if (!flow.rst) {
    if (exception) rememberFlow(run, key, real);
    else if (remember && flow.syn) takeOverEntry(run, key, real);
  }
  return { real, by: bySource === null ? "ring" : "source" };
}

/** Whether flows of this slot may have an entry in the flow table. */
function remembers(run: Run, vip: ModelVip, slot: Slot): boolean {
  const { affinity } = vip.config;
  if (affinity === "none") return false;
  return slot.unstable || affinity === "always" ||
    EXCEPTION_FLAGS.some((flag) => run.tables.hasFlag(vip, flag));
}

function localFlow(run: Run, key: FlowKey, flow: Flow, vip: ModelVip): number | null {
  const real = knownReal(run, key, flow, vip);
  if (real !== null) run.counters.count("flow_hits");
  else if (flow.protocol === IpProtocol.tcp) run.counters.count("unknown_picks");
  return real;
}

function globalFlow(run: Run, key: FlowKey, vip: ModelVip): number | null {
  if (!run.tables.hasFlag(vip, "global-flows")) return null;
  const real = globallyKnownReal(run, key, vip);
  run.counters.count(real !== null ? "global_hits" : "global_misses");
  return real;
}

function sourceReal(run: Run, packet: Packet, flow: Flow, vip: ModelVip): number | null {
  if (!run.tables.hasFlag(vip, "source-routing")) return null;
  const real = run.tables.realOfSource(packet.family, flow.source);
  run.counters.count(real !== null ? "source_hits" : "source_misses");
  return real;
}

function ringReal(run: Run, flow: Flow, vip: ModelVip, slot: Slot): number {
  run.counters.count("ring_picks");
  if (flow.syn) run.counters.count("syn_picks");
  if (!isOlderThanChange(run, flow, slot) || !run.tables.isUsable(vip, slot.prev)) {
    return slot.current;
  }
  run.counters.count("prev_picks");
  return slot.prev;
}

/** Whether a flow nobody remembers must have begun before its slot changed. */
function isOlderThanChange(run: Run, flow: Flow, slot: Slot): boolean {
  if (!slot.unstable || flow.syn || slot.prev === NO_REAL) return false;
  return flow.protocol === IpProtocol.tcp ||
    ticksSince(run, slot.changedAt) <= run.settings.udpGrace;
}
