/** Section 4, steps 8 to 11 of docs/dataplane.md: a real is known, the packet goes to it. */
import { type Decision, drop, PASS, send } from "./decision.ts";
import { encapOf, encapsulate, outerBytes } from "./encap.ts";
import type { OuterClient } from "./outer.ts";
import type { Flow, Packet } from "./packet.ts";
import type { Pick } from "./pick.ts";
import type { Run } from "./run.ts";
import { hashedSourcePort } from "./slot.ts";
import { answerTooBig, isTooBig } from "./too_big.ts";
import type { VipMatch } from "./vip.ts";

/** Sends the packet to the real, keeps it for this host, or says why it cannot be sent. */
export function forward(
  run: Run,
  packet: Packet,
  flow: Flow,
  match: VipMatch,
  pick: Pick,
): Decision {
  const { settings, counters } = run;
  const { vip } = match;
  const real = run.tables.activeReal(pick.real);
  if (real === null) return drop("real_unset");
  const encap = encapOf(settings, vip.config, real);
  const outer = outerBytes(encap, real.address);
  if (isTooBig(settings, packet, outer)) return answerTooBig(run, packet, flow, outer);

  countForwarded(run, packet, flow, vip.index, pick.real);
  if (real.local && run.tables.hasFlag(vip, "local")) {
    counters.count("local_delivered");
    return PASS;
  }
  if (flow.icmpErrorCode !== null) {
    counters.count(packet.family === 4 ? "icmp_error_v4" : "icmp_error_v6");
  }
  return send(encapsulate(run, packet, outerClient(run, flow, match, pick), real.address, encap));
}

/** The client as outer headers see it. katran forgets its address once it has hashed a port. */
function outerClient(run: Run, flow: Flow, match: VipMatch, { by }: Pick): OuterClient {
  const forgotten = run.settings.compatKatran && run.tables.hasFlag(match.vip, "dport-hash") &&
    (by === "flow" || by === "ring");
  return {
    source: forgotten ? new Uint8Array(16) : flow.source,
    sourcePort: hashedSourcePort(run, match, flow),
  };
}

function countForwarded(run: Run, packet: Packet, flow: Flow, vip: number, real: number): void {
  const { counters } = run;
  counters.addVip(vip, "packets", 1);
  counters.addVip(vip, "bytes", packet.packetBytes);
  if (flow.syn) counters.addVip(vip, "new_flows", 1);
  counters.addReal(real, "packets", 1);
  counters.addReal(real, "bytes", packet.packetBytes);
}
