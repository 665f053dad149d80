/** What both encapsulations share: the outer IP header of section 8 of docs/dataplane.md. */
import type { Family } from "../../addr/types.ts";
import { concat, writeU16 } from "../bytes.ts";
import { checksumOf, sumOf } from "../checksum.ts";

/** What varies the outer source from flow to flow: `S` and `p` of the document. */
export interface OuterClient {
  /** 16 bytes in map order. */
  readonly source: Uint8Array;
  /** 0 for a VIP without source ports. */
  readonly sourcePort: number;
}

/** Fields of an outer header that are not constant. */
export interface OuterHeader {
  readonly family: Family;
  /** 4 or 16 bytes, by family. */
  readonly source: Uint8Array;
  /** 4 or 16 bytes, by family. */
  readonly destination: Uint8Array;
  readonly protocol: number;
  readonly tos: number;
  readonly ttl: number;
  /** Bytes behind this header; what does not fit 16 bits is cut off. */
  readonly payloadBytes: number;
}

/** The header's bytes: 20 or 40. Identification, flow label and flags are 0. */
export function outerHeader(header: OuterHeader): Uint8Array {
  return header.family === 4 ? outerIpv4(header) : outerIpv6(header);
}

function outerIpv4({ source, destination, protocol, tos, ttl, payloadBytes }: OuterHeader) {
  const bytes = concat(
    Uint8Array.of(0x45, tos, 0, 0, 0, 0, 0, 0, ttl, protocol, 0, 0),
    source,
    destination,
  );
  writeU16(bytes, 2, bytes.length + payloadBytes);
  writeU16(bytes, 10, checksumOf(sumOf(bytes)));
  return bytes;
}

function outerIpv6({ source, destination, protocol, tos, ttl, payloadBytes }: OuterHeader) {
  const bytes = concat(
    Uint8Array.of(0x60 | tos >> 4, tos << 4 & 0xf0, 0, 0, 0, 0, protocol, ttl),
    source,
    destination,
  );
  writeU16(bytes, 4, payloadBytes);
  return bytes;
}
