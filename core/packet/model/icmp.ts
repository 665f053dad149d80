/** Section 2 of docs/dataplane.md: pings are answered, errors follow the flow they quote. */
import { readU16, readU32, readU8 } from "../bytes.ts";
import { HeaderBytes, ipHeaderBytes, IpProtocol } from "../protocol.ts";
import { type Decision, PASS } from "./decision.ts";
import { answerEcho } from "./echo.ts";
import type { Flow, Packet } from "./packet.ts";
import { addressAt } from "./parse.ts";
import { dropIfForVip, type Run } from "./run.ts";

const V4 = { echoRequest: 8, errors: [3] } as const;
const V6 = { echoRequest: 128, errors: [1, 2] } as const;
const V4_UNREACHABLE = 3;
const V4_FRAGMENTATION_NEEDED = 4;
const V6_PACKET_TOO_BIG = 2;
const SMALL_MTU = 1280;
/** Of a quoted transport header, errors are only bound to carry this much (RFC 792). */
const QUOTED_TRANSPORT_BYTES = 8;

/** The flow an ICMP error quotes, or what becomes of any other ICMP packet. */
export function classifyIcmp(run: Run, packet: Packet): Flow | Decision {
  if (packet.frame.length < packet.l4 + HeaderBytes.icmp) {
    return dropIfForVip(run, packet, "l4_truncated");
  }
  const type = readU8(packet.frame, packet.l4);
  const known: { readonly echoRequest: number; readonly errors: readonly number[] } =
    packet.family === 4 ? V4 : V6;
  if (type === known.echoRequest) return answerEcho(run, packet);
  if (!known.errors.includes(type)) return PASS;
  countTooBigSeen(run, packet, type);
  return quotedFlow(run, packet);
}

function countTooBigSeen(run: Run, packet: Packet, type: number): void {
  const { frame, l4 } = packet;
  if (packet.family === 6) {
    if (type !== V6_PACKET_TOO_BIG) return;
    run.counters.count("too_big_v6");
    if (readU32(frame, l4 + 4) < SMALL_MTU) run.counters.count("too_big_small_v6");
  } else if (type === V4_UNREACHABLE && readU8(frame, l4 + 1) === V4_FRAGMENTATION_NEEDED) {
    run.counters.count("frag_needed_v4");
    if (readU16(frame, l4 + 6) < SMALL_MTU) run.counters.count("frag_needed_small_v4");
  }
}

/** The quoted packet went from the VIP to the client: the client's flow is the other way round. */
function quotedFlow(run: Run, packet: Packet): Flow | Decision {
  const { frame, family } = packet;
  const quote = packet.l4 + HeaderBytes.icmp;
  const transport = quote + ipHeaderBytes(family);
  if (frame.length < transport || (family === 4 && (readU8(frame, quote) & 0x0f) !== 5)) {
    return dropIfForVip(run, packet, "icmp_quote");
  }
  const protocol = readU8(frame, quote + (family === 4 ? 9 : 6));
  if (protocol !== IpProtocol.tcp && protocol !== IpProtocol.udp) return PASS;
  if (frame.length < transport + QUOTED_TRANSPORT_BYTES) {
    return dropIfForVip(run, packet, "icmp_quote");
  }
  return {
    source: addressAt(frame, quote + (family === 4 ? 16 : 24), family),
    destination: addressAt(frame, quote + (family === 4 ? 12 : 8), family),
    sourcePort: readU16(frame, transport + 2),
    destinationPort: readU16(frame, transport),
    protocol,
    syn: false,
    rst: false,
    icmpErrorCode: readU8(frame, packet.l4 + 1),
  };
}
