/** GUE variant 1 of section 8 of docs/dataplane.md: IP in UDP, without a header of its own. */
import type { Address } from "../../addr/types.ts";
import { concat, readU16, readU8, writeU16 } from "../bytes.ts";
import { checksumOf, negate, pseudoSum, sumOf } from "../checksum.ts";
import { HeaderBytes, ipHeaderBytes, IpProtocol } from "../protocol.ts";
import { type OuterClient, outerHeader } from "./outer.ts";
import { innerTotal, type Packet } from "./packet.ts";
import type { Host, Settings } from "./settings.ts";

/** The outer IP and UDP headers in front of the packet. */
export function gueHeader(
  settings: Settings,
  host: Host,
  packet: Packet,
  client: OuterClient,
  real: Address,
): Uint8Array {
  const source = real.family === 4 ? host.gueSourceV4 : host.gueSourceV6;
  const destination = real.bytes.subarray(0, real.family === 4 ? 4 : 16);
  const udp = new Uint8Array(HeaderBytes.udp);
  const udpBytes = (HeaderBytes.udp + innerTotal(packet)) & 0xffff;
  writeU16(udp, 0, gueSourcePort(packet, client, real));
  writeU16(udp, 2, settings.guePort);
  writeU16(udp, 4, udpBytes);
  const pseudo = pseudoSum(source, destination, IpProtocol.udp, udpBytes);
  writeU16(udp, 6, gueChecksum(packet, real, sumOf(udp), pseudo));
  const outer = outerHeader({
    family: real.family,
    source,
    destination,
    protocol: IpProtocol.udp,
    tos: packet.tos,
    ttl: settings.ttl,
    payloadBytes: udpBytes,
  });
  return concat(outer, udp);
}

/** Varies by flow, for receive queues. The order of bytes differs between the outer families. */
function gueSourcePort(packet: Packet, { source, sourcePort }: OuterClient, real: Address): number {
  const [high, low] = [sourcePort >> 8, sourcePort & 0xff];
  if (real.family === 4) {
    const last = packet.family === 4 ? 2 : 14;
    return (low ^ readU8(source, last)) << 8 | high ^ readU8(source, last + 1);
  }
  const at = packet.family === 4 ? 2 : 12;
  return (high ^ readU8(source, at)) << 8 | low ^ readU8(source, at + 1);
}

/** The UDP checksum, without reading the payload wherever a checksum inside vouches for it. */
function gueChecksum(packet: Packet, real: Address, udpSum: number, pseudo: number): number {
  const { frame, l2, l4 } = packet;
  if (!lacksChecksum(packet)) {
    const checksum = checksumOf(pseudo, udpSum, sumOf(frame.subarray(l2, l4)), payloadSum(packet));
    return notZero(checksum);
  }
  if (real.family === 4) return 0; // no checksum inside, none outside: IPv6 alone insists on one
  const end = l2 + innerTotal(packet);
  if (end > frame.length) return 0; // the header promises more than there is to sum
  return notZero(checksumOf(pseudo, udpSum, sumOf(frame.subarray(l2, end))));
}

/** Inner UDP that was sent without a checksum; over IPv6 tunnels may do so (RFC 6935). */
function lacksChecksum({ protocol, frame, l4 }: Packet): boolean {
  return protocol === IpProtocol.udp && readU16(frame, l4 + 6) === 0;
}

/** What a transport with a valid checksum comes to: minus its pseudo-header; ICMP has none. */
function payloadSum(packet: Packet): number {
  if (packet.protocol === IpProtocol.icmp) return 0;
  const length = (innerTotal(packet) - ipHeaderBytes(packet.family)) & 0xffff;
  return negate(pseudoSum(packet.source, packet.destination, packet.protocol, length));
}

/** In UDP 0 means "no checksum"; its other form means 0. */
function notZero(checksum: number): number {
  return checksum === 0 ? 0xffff : checksum;
}
