import type { Address, Family } from "../../addr/types.ts";

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
