/** Section 1 of docs/dataplane.md: Ethernet and IP. */
import type { Family } from "../../addr/types.ts";
import { readU16, readU8 } from "../bytes.ts";
import { EtherType, HeaderBytes, ipHeaderBytes, IpProtocol } from "../protocol.ts";
import { type Decision, drop, PASS } from "./decision.ts";
import type { Packet } from "./packet.ts";
import { dropIfForVip } from "./run.ts";
import type { Run } from "./run.ts";

const MAX_TAGS = 2;
const FRAGMENT_BITS = 0x3fff; // offset and "more fragments"; the two bits above are not looked at

/** Reads Ethernet and IP headers; a decision if there is no IP header to go on with. */
export function parse(run: Run, frame: Uint8Array): Packet | Decision {
  if (frame.length < HeaderBytes.ethernet) return drop("frame_short");
  let l2: number = HeaderBytes.ethernet;
  for (let tags = 0; tags < MAX_TAGS && isTag(readU16(frame, l2 - 2)); tags++) {
    l2 += HeaderBytes.tag;
    if (frame.length < l2) return drop("frame_short");
  }
  const etherType = readU16(frame, l2 - 2);
  if (etherType === EtherType.ipv4) return parseIpv4(run, frame, l2);
  if (etherType === EtherType.ipv6) return parseIpv6(run, frame, l2);
  return PASS;
}

function isTag(etherType: number): boolean {
  return etherType === EtherType.vlan || etherType === EtherType.serviceVlan;
}

function parseIpv4(run: Run, frame: Uint8Array, l2: number): Packet | Decision {
  if (frame.length < l2 + ipHeaderBytes(4)) return drop("ip_truncated");
  const packet: Packet = {
    frame,
    l2,
    l4: l2 + ipHeaderBytes(4),
    family: 4,
    source: addressAt(frame, l2 + 12, 4),
    destination: addressAt(frame, l2 + 16, 4),
    protocol: readU8(frame, l2 + 9),
    tos: readU8(frame, l2 + 1),
    packetBytes: readU16(frame, l2 + 2),
  };
  if ((readU8(frame, l2) & 0x0f) !== 5) return dropIfForVip(run, packet, "ip_options");
  if ((readU16(frame, l2 + 6) & FRAGMENT_BITS) !== 0) return dropIfForVip(run, packet, "fragment");
  return packet;
}

function parseIpv6(run: Run, frame: Uint8Array, l2: number): Packet | Decision {
  if (frame.length < l2 + ipHeaderBytes(6)) return drop("ip_truncated");
  const packet: Packet = {
    frame,
    l2,
    l4: l2 + ipHeaderBytes(6),
    family: 6,
    source: addressAt(frame, l2 + 8, 6),
    destination: addressAt(frame, l2 + 24, 6),
    protocol: readU8(frame, l2 + 6),
    tos: readU16(frame, l2) >> 4 & 0xff,
    packetBytes: readU16(frame, l2 + 4),
  };
  if (packet.protocol === IpProtocol.fragment) return dropIfForVip(run, packet, "fragment");
  return packet;
}

/** An address of the packet as 16 bytes in map order. */
export function addressAt(frame: Uint8Array, offset: number, family: Family): Uint8Array {
  const address = new Uint8Array(16);
  address.set(frame.subarray(offset, offset + (family === 4 ? 4 : 16)));
  return address;
}
