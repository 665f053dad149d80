/** IPIP of section 8 of docs/dataplane.md. */
import type { Address } from "../../addr/types.ts";
import { readU8 } from "../bytes.ts";
import { IpProtocol } from "../protocol.ts";
import { type OuterClient, outerHeader } from "./outer.ts";
import { innerTotal, type Packet } from "./packet.ts";
import type { Settings } from "./settings.ts";

/** The outer header in front of the packet; its source varies by flow, for receive queues. */
export function ipipHeader(
  settings: Settings,
  packet: Packet,
  client: OuterClient,
  real: Address,
): Uint8Array {
  return outerHeader({
    family: real.family,
    source: real.family === 4
      ? sourceV4(settings, packet, client)
      : sourceV6(settings, packet, client),
    destination: real.bytes.subarray(0, real.family === 4 ? 4 : 16),
    protocol: packet.family === 4 ? IpProtocol.ipv4 : IpProtocol.ipv6,
    tos: packet.tos,
    ttl: settings.ttl,
    payloadBytes: innerTotal(packet),
  });
}

function sourceV4(
  settings: Settings,
  packet: Packet,
  { source, sourcePort }: OuterClient,
): Uint8Array {
  const last = packet.family === 4 ? 2 : 14; // the last two bytes of the client's address
  return Uint8Array.of(
    ...settings.ipipSourceV4,
    (sourcePort & 0xff) ^ readU8(source, last),
    (sourcePort >> 8) ^ readU8(source, last + 1),
  );
}

function sourceV6(
  settings: Settings,
  packet: Packet,
  { source, sourcePort }: OuterClient,
): Uint8Array {
  const last = packet.family === 4 ? 0 : 12; // the last four bytes
  return Uint8Array.of(
    ...settings.ipipSourceV6,
    readU8(source, last) ^ sourcePort >> 8,
    readU8(source, last + 1) ^ sourcePort & 0xff,
    readU8(source, last + 2),
    readU8(source, last + 3),
  );
}
