/** Sections 4 and 5 of docs/dataplane.md: asking and filling the flow table. */
import { readU16 } from "../bytes.ts";
import { IpProtocol } from "../protocol.ts";
import type { FlowKey, KnownFlow } from "./flow_table.ts";
import type { Identified } from "./identify.ts";
import type { Flow, Packet } from "./packet.ts";
import { type Run, ticksSince } from "./run.ts";
import { hashedSourcePort, type Slot } from "./slot.ts";
import { isCidr, type ModelVip } from "./tables.ts";
import type { VipMatch } from "./vip.ts";

/** Ticks (1 s) after which an entry in use is written again. */
const REFRESH_AFTER = 60;

/** The flow's key. VIPs that remember every flow know it by its ports as hashed, as katran does. */
export function flowKey(run: Run, packet: Packet, flow: Flow, match: VipMatch): FlowKey {
  const { index, config } = match.vip;
  const asHashed = config.affinity === "always";
  return {
    vip: index,
    family: packet.family,
    source: flow.source,
    sourcePort: asHashed ? hashedSourcePort(run, match, flow) : flow.sourcePort,
    destinationPort: asHashed ? match.hashDestinationPort : flow.destinationPort,
    destination: isCidr(config) ? foldAddress(flow.destination) : 0,
  };
}

/** The real that the flow table remembers for the flow, if it is to be used; null otherwise. */
export function knownReal(run: Run, key: FlowKey, flow: Flow, vip: ModelVip): number | null {
  const entry = run.flows.find(key);
  if (entry === null) return null;
  const { tcpIdle, udpIdle } = run.settings;
  const idle = flow.protocol === IpProtocol.udp ? udpIdle : tcpIdle;
  if (ticksSince(run, entry.lastSeen) > idle) return null;
  if (!countUnlessUsable(run, vip, entry.real)) return null;
  run.flows.put(key, entry.real, refreshed(run, entry));
  return entry.real;
}

/** The same in the shared table, where nothing grows old and nothing is written. */
export function globallyKnownReal(run: Run, key: FlowKey, vip: ModelVip): number | null {
  const real = run.tables.realOfGlobalFlow(key);
  return real !== null && run.tables.isUsable(vip, real) ? real : null;
}

/** Whether an entry's real is usable; counts entries that are passed over. */
function countUnlessUsable(run: Run, vip: ModelVip, real: number): boolean {
  if (run.tables.isUsable(vip, real)) return true;
  run.counters.count("flow_unusable");
  if (run.tables.hasFlag(vip, "udp-migration")) run.counters.count("udp_migrated");
  return false;
}

/** Enters the flow, if the rate gate lets it. */
export function rememberFlow(run: Run, key: FlowKey, real: number, seen = run.tick): void {
  if (!run.connGate.lets(run.now)) {
    run.counters.count("flow_gated");
    return;
  }
  run.flows.put(key, real, seen);
  run.counters.count("flow_inserts");
}

/** Corrects the entry that an older flow with the same ports left, if there is one. */
export function takeOverEntry(run: Run, key: FlowKey, real: number): void {
  if (run.flows.find(key) !== null) run.flows.put(key, real, run.tick);
}

/** Makes the flow table agree with the real that the packet named. */
export function reconcile(
  run: Run,
  vip: ModelVip,
  key: FlowKey,
  slot: Slot,
  { by, real }: Identified,
): void {
  const { counters } = run;
  const { affinity } = vip.config;
  if (by === "udp-stable" || (by === "tcp-server-id" && affinity === "none")) return;
  // katran's entries by connection id are born stale: they count for ids only.
  const bornSilent = run.settings.compatKatran && by === "quic";
  const seen = bornSilent ? (run.tick - run.settings.udpIdle - 128) >>> 0 : run.tick;
  const entry = run.flows.find(key);
  if (entry === null) {
    if (by === "quic") counters.count("quic_not_found");
    const ringAgrees = !slot.unstable && slot.current === real;
    if (affinity === "always" || !ringAgrees) rememberFlow(run, key, real, seen);
    return;
  }
  run.flows.put(key, real, bornSilent ? entry.lastSeen : refreshed(run, entry));
  if (entry.real === real) {
    if (by === "quic") counters.count("quic_match");
  } else {
    counters.count(by === "quic" ? "quic_mismatch" : "server_id_mismatch");
    counters.addVip(vip.index, "server_id_mismatch", 1);
  }
}

function refreshed(run: Run, entry: KnownFlow): number {
  return ticksSince(run, entry.lastSeen) > REFRESH_AFTER ? run.tick : entry.lastSeen;
}

/** 16 bits that tell the addresses of a CIDR VIP apart: its words, exclusive-ored. */
function foldAddress(address: Uint8Array): number {
  let folded = 0;
  for (let at = 0; at < address.length; at += 2) folded ^= readU16(address, at);
  return folded;
}
