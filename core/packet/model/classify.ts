/** Section 1, step 6 of docs/dataplane.md: which flow a packet belongs to. */
import { readU16, readU8 } from "../bytes.ts";
import { HeaderBytes, IpProtocol } from "../protocol.ts";
import { type Decision, PASS } from "./decision.ts";
import { classifyIcmp } from "./icmp.ts";
import type { Flow, Packet } from "./packet.ts";
import { dropIfForVip, type Run } from "./run.ts";

const TCP_SYN = 0x02;
const TCP_RST = 0x04;

/** The packet's flow, or what becomes of a packet that has none. */
export function classify(run: Run, packet: Packet): Flow | Decision {
  switch (packet.protocol) {
    case IpProtocol.tcp:
      return classifyTcp(run, packet);
    case IpProtocol.udp:
      return classifyUdp(run, packet);
    case packet.family === 4 ? IpProtocol.icmp : IpProtocol.icmpv6:
      return classifyIcmp(run, packet);
    default:
      return PASS;
  }
}

function classifyTcp(run: Run, packet: Packet): Flow | Decision {
  if (packet.frame.length < packet.l4 + HeaderBytes.tcp) {
    return dropIfForVip(run, packet, "l4_truncated");
  }
  const flags = readU8(packet.frame, packet.l4 + 13);
  return { ...flowOf(packet), syn: (flags & TCP_SYN) !== 0, rst: (flags & TCP_RST) !== 0 };
}

function classifyUdp(run: Run, packet: Packet): Flow | Decision {
  if (packet.frame.length < packet.l4 + HeaderBytes.udp) {
    return dropIfForVip(run, packet, "l4_truncated");
  }
  return flowOf(packet);
}

function flowOf(packet: Packet): Flow {
  return {
    source: packet.source,
    destination: packet.destination,
    sourcePort: readU16(packet.frame, packet.l4),
    destinationPort: readU16(packet.frame, packet.l4 + 2),
    protocol: packet.protocol,
    syn: false,
    rst: false,
    icmpErrorCode: null,
  };
}
