import { concat, writeU16, writeU32 } from "../bytes.ts";
import { checksumOf, pseudoSum, sumOf } from "../checksum.ts";
import { HeaderBytes, IpProtocol, TcpFlag } from "../protocol.ts";
import type { IpAddresses, Layer } from "./layer.ts";

/** A TCP header; an acknowledgement unless `flags` says otherwise. */
export interface TcpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  /** Header length in 32-bit words. */
  readonly dataOffset?: number;
  /** Bits of `TcpFlag`. */
  readonly flags?: number;
  readonly window?: number;
  readonly checksum?: number;
  readonly urgent?: number;
  /** Options, a multiple of 4 bytes. */
  readonly options?: Uint8Array;
}

/** A UDP header. */
export interface UdpFields {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly length?: number;
  /** 0: sent without a checksum. */
  readonly checksum?: number;
}

/** An ICMP or ICMPv6 header, by the IP header in front of it. */
export interface IcmpFields {
  readonly type: number;
  readonly code?: number;
  /** The second half of the header: identifier and sequence number, or MTU. */
  readonly rest?: number;
  readonly checksum?: number;
}

/** A TCP header. */
export function tcpLayer(fields: TcpFields): Layer {
  return {
    protocol: () => IpProtocol.tcp,
    encode(rest, _next, ip) {
      const options = fields.options ?? new Uint8Array();
      const segment = concat(new Uint8Array(HeaderBytes.tcp), options, rest);
      writeU16(segment, 0, fields.sourcePort);
      writeU16(segment, 2, fields.destinationPort);
      writeU32(segment, 4, fields.sequence ?? 0);
      writeU32(segment, 8, fields.acknowledgement ?? 0);
      segment[12] = (fields.dataOffset ?? (HeaderBytes.tcp + options.length) / 4) << 4;
      segment[13] = fields.flags ?? TcpFlag.ack;
      writeU16(segment, 14, fields.window ?? 8192);
      writeU16(segment, 18, fields.urgent ?? 0);
      writeU16(segment, 16, fields.checksum ?? transportChecksum(ip, IpProtocol.tcp, segment));
      return segment;
    },
  };
}

/** A UDP header. */
export function udpLayer(fields: UdpFields): Layer {
  return {
    protocol: () => IpProtocol.udp,
    encode(rest, _next, ip) {
      const datagram = concat(new Uint8Array(HeaderBytes.udp), rest);
      writeU16(datagram, 0, fields.sourcePort);
      writeU16(datagram, 2, fields.destinationPort);
      writeU16(datagram, 4, fields.length ?? datagram.length);
      const computed = transportChecksum(ip, IpProtocol.udp, datagram);
      writeU16(datagram, 6, fields.checksum ?? (computed === 0 ? 0xffff : computed));
      return datagram;
    },
  };
}

/** An ICMP header. */
export function icmpLayer(fields: IcmpFields): Layer {
  return {
    protocol: (family) => family === 4 ? IpProtocol.icmp : IpProtocol.icmpv6,
    encode(rest, _next, ip) {
      const message = concat(new Uint8Array(HeaderBytes.icmp), rest);
      message[0] = fields.type;
      message[1] = fields.code ?? 0;
      writeU32(message, 4, fields.rest ?? 0);
      const computed = ip?.family === 6
        ? transportChecksum(ip, IpProtocol.icmpv6, message)
        : checksumOf(sumOf(message));
      writeU16(message, 2, fields.checksum ?? computed);
      return message;
    },
  };
}

/** Bytes as they are. */
export function payloadLayer(bytes: Uint8Array): Layer {
  return { encode: (rest) => concat(bytes, rest) };
}

function transportChecksum(
  ip: IpAddresses | undefined,
  protocol: number,
  segment: Uint8Array,
): number {
  if (ip === undefined) return 0;
  const pseudo = pseudoSum(ip.source, ip.destination, protocol, segment.length);
  return checksumOf(sumOf(segment), pseudo);
}
