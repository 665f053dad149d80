import type { Address, Family } from "../../addr/types.ts";

/** IP protocol numbers the data plane knows. */
export const IpProtocol = {
  icmp: 1,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  fragment: 44,
  icmpv6: 58,
} as const;

/** EtherTypes the data plane knows. */
export const EtherType = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8 } as const;

/** Bytes of headers without options. */
export const HeaderBytes = { ethernet: 14, tag: 4, tcp: 20, udp: 8, icmp: 8 } as const;

/** Bytes of an IP header without options or extension headers. */
export function ipHeaderBytes(family: Family): 20 | 40 {
  return family === 4 ? 20 : 40;
}

/** A frame that holds a complete IP header. Addresses are 16 bytes in map order (`Address`). */
export interface Packet {
  readonly frame: Uint8Array;
  /** Bytes of the Ethernet header with its tags: 14, 18 or 22; the IP header begins there. */
  readonly l2: number;
  /** Offset of what follows the IP header. */
  readonly l4: number;
  readonly family: Family;
  readonly source: Address["bytes"];
  readonly destination: Address["bytes"];
  /** IPv4 protocol or IPv6 next header. */
  readonly protocol: number;
  /** IPv4 ToS or IPv6 traffic class. */
  readonly tos: number;
  /** IPv4 total length or IPv6 payload length, as the header says. */
  readonly packetBytes: number;
}

/** What a packet belongs to, seen from the client: an ICMP error counts for the flow it quotes. */
export interface Flow {
  readonly source: Address["bytes"];
  readonly destination: Address["bytes"];
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly protocol: number;
  readonly syn: boolean;
  readonly rst: boolean;
  /** Code of the ICMP error that quotes the flow; null: a packet of the flow itself. */
  readonly icmpErrorCode: number | null;
}

/** Length of the IP packet as its header says, bytes with the header. */
export function innerTotal(packet: Packet): number {
  return packet.family === 4 ? packet.packetBytes : packet.packetBytes + 40;
}
