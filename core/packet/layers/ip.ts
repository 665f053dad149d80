import { parseAddress } from "../../addr/parse_address.ts";
import type { Family } from "../../addr/types.ts";
import { concat, writeU16, writeU32 } from "../bytes.ts";
import { checksumOf, sumOf } from "../checksum.ts";
import { EtherType, IpProtocol } from "../protocol.ts";
import type { IpAddresses, Layer } from "./layer.ts";

/** Protocol number of a layer that has none of its own (RFC 3692, experiments). */
const EXPERIMENTAL = 253;

/** An IPv4 header; what is left out is what a host would write. */
export interface Ipv4Fields {
  /** Text, or at least 4 bytes of which 4 count. */
  readonly source: string | Uint8Array;
  readonly destination: string | Uint8Array;
  readonly version?: number;
  /** Header length in 32-bit words. */
  readonly headerWords?: number;
  readonly tos?: number;
  readonly totalLength?: number;
  readonly id?: number;
  /** Flags and fragment offset, 16 bits. */
  readonly fragment?: number;
  readonly ttl?: number;
  readonly protocol?: number;
  readonly checksum?: number;
  /** Options, a multiple of 4 bytes. */
  readonly options?: Uint8Array;
}

/** An IPv6 header; what is left out is what a host would write. */
export interface Ipv6Fields {
  /** Text or 16 bytes. */
  readonly source: string | Uint8Array;
  readonly destination: string | Uint8Array;
  readonly version?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly payloadLength?: number;
  readonly nextHeader?: number;
  readonly hopLimit?: number;
}

/** An IPv4 header. */
export function ipv4Layer(fields: Ipv4Fields): Layer {
  const addresses = addressesOf(4, fields.source, fields.destination);
  return {
    etherType: EtherType.ipv4,
    protocol: () => IpProtocol.ipv4,
    addresses,
    encode: (rest, next) => concat(ipv4Header(fields, addresses, rest, next), rest),
  };
}

function ipv4Header(
  fields: Ipv4Fields,
  { source, destination }: IpAddresses,
  rest: Uint8Array,
  next: Layer | undefined,
): Uint8Array {
  const options = fields.options ?? new Uint8Array();
  const header = concat(new Uint8Array(12), source, destination, options);
  header[0] = (fields.version ?? 4) << 4 | (fields.headerWords ?? header.length / 4);
  header[1] = fields.tos ?? 0;
  writeU16(header, 2, fields.totalLength ?? header.length + rest.length);
  writeU16(header, 4, fields.id ?? 0);
  writeU16(header, 6, fields.fragment ?? 0);
  header[8] = fields.ttl ?? 64;
  header[9] = fields.protocol ?? next?.protocol?.(4) ?? EXPERIMENTAL;
  writeU16(header, 10, fields.checksum ?? checksumOf(sumOf(header)));
  return header;
}

/** An IPv6 header. */
export function ipv6Layer(fields: Ipv6Fields): Layer {
  const addresses = addressesOf(6, fields.source, fields.destination);
  return {
    etherType: EtherType.ipv6,
    protocol: () => IpProtocol.ipv6,
    addresses,
    encode: (rest, next) => concat(ipv6Header(fields, addresses, rest, next), rest),
  };
}

function ipv6Header(
  fields: Ipv6Fields,
  { source, destination }: IpAddresses,
  rest: Uint8Array,
  next: Layer | undefined,
): Uint8Array {
  const header = concat(new Uint8Array(8), source, destination);
  const trafficClass = fields.trafficClass ?? 0;
  const version = fields.version ?? 6;
  writeU32(header, 0, version << 28 | trafficClass << 20 | (fields.flowLabel ?? 0));
  writeU16(header, 4, fields.payloadLength ?? rest.length);
  header[6] = fields.nextHeader ?? next?.protocol?.(6) ?? EXPERIMENTAL;
  header[7] = fields.hopLimit ?? 64;
  return header;
}

function addressesOf(
  family: Family,
  source: string | Uint8Array,
  destination: string | Uint8Array,
): IpAddresses {
  return {
    family,
    source: addressBytes(family, source),
    destination: addressBytes(family, destination),
  };
}

function addressBytes(family: Family, address: string | Uint8Array): Uint8Array {
  const length = family === 4 ? 4 : 16;
  if (typeof address !== "string" && address.length >= length) return address.subarray(0, length);
  const parsed = typeof address === "string" ? parseAddress(address) : null;
  if (parsed?.family !== family) {
    throw new RangeError(`Cannot use "${address}" in an IPv${family} header: wrong family`);
  }
  return parsed.bytes.subarray(0, length);
}
