/** Section 7 of docs/dataplane.md: what becomes of a packet that does not fit. */
import { concat, writeU16, writeU32 } from "../bytes.ts";
import { checksumOf, pseudoSum, sumOf } from "../checksum.ts";
import { HeaderBytes, IpProtocol } from "../protocol.ts";
import { type Decision, drop, send } from "./decision.ts";
import { swapMacs } from "./frame.ts";
import { outerHeader } from "./outer.ts";
import type { Flow, Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import type { Settings } from "./settings.ts";

const V4 = { type: 3, code: 4, quotedBytes: 84 } as const;
const V6 = { type: 2, code: 0, quotedBytes: 248 } as const;

/** Whether the packet with `outer` more bytes is too large for this side or the reals' side. */
export function isTooBig(settings: Settings, { frame, l2 }: Packet, outer: number): boolean {
  const ipBytes = frame.length - l2;
  return HeaderBytes.ethernet + ipBytes > settings.maxFrame ||
    (settings.pathMtu !== 0 && ipBytes + outer > settings.pathMtu);
}

/** Tells the sender what fits, or drops the packet. An error is never answered with an error. */
export function answerTooBig(run: Run, packet: Packet, flow: Flow, outer: number): Decision {
  const { settings, counters } = run;
  if (flow.icmpErrorCode !== null || !settings.tooBig) return drop("too_big");
  if (!run.tooBigGate.lets(run.now)) {
    counters.count("too_big_gated");
    return drop("too_big");
  }
  counters.count(packet.family === 4 ? "too_big_sent_v4" : "too_big_sent_v6");
  return send(tooBigFrame(settings, packet, largestThatFits(settings, outer)));
}

function largestThatFits({ maxFrame, pathMtu }: Settings, outer: number): number {
  const here = maxFrame - HeaderBytes.ethernet;
  return pathMtu === 0 ? here : Math.min(here, pathMtu - outer);
}

function tooBigFrame(settings: Settings, packet: Packet, mtu: number): Uint8Array {
  const { frame, l2, family } = packet;
  const length = family === 4 ? 4 : 16;
  const source = packet.destination.subarray(0, length);
  const destination = packet.source.subarray(0, length);
  const icmp = tooBigMessage(packet, mtu, source, destination);
  const ethernet = frame.slice(0, l2);
  swapMacs(ethernet);
  const ip = outerHeader({
    family,
    source,
    destination,
    protocol: family === 4 ? IpProtocol.icmp : IpProtocol.icmpv6,
    tos: 0,
    ttl: settings.ttl,
    payloadBytes: icmp.length,
  });
  return concat(ethernet, ip, icmp);
}

function tooBigMessage(
  { frame, l2, family }: Packet,
  mtu: number,
  source: Uint8Array,
  destination: Uint8Array,
): Uint8Array {
  const { type, code, quotedBytes } = family === 4 ? V4 : V6;
  const icmp = concat(
    Uint8Array.of(type, code, 0, 0, 0, 0, 0, 0),
    frame.subarray(l2, l2 + quotedBytes),
  );
  if (family === 4) writeU16(icmp, 6, mtu);
  else writeU32(icmp, 4, mtu);
  const pseudo = family === 4 ? 0 : pseudoSum(source, destination, IpProtocol.icmpv6, icmp.length);
  writeU16(icmp, 2, checksumOf(sumOf(icmp), pseudo));
  return icmp;
}
