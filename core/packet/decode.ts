import { addressFromBytes } from "../addr/address_from_bytes.ts";
import { formatMac } from "../addr/format_mac.ts";
import type { Family } from "../addr/types.ts";
import { readU16, readU32, readU8, toHex } from "./bytes.ts";
import { checksumOf, pseudoSum, sumOf } from "./checksum.ts";
import {
  EtherType,
  GUE_PORT,
  HeaderBytes,
  ipHeaderBytes,
  IpProtocol,
  TcpFlag,
} from "./protocol.ts";

/** A header of a frame, or the bytes behind the last one that can be read. */
export interface DecodedLayer {
  /** `ethernet`, `vlan`, `ipv4`, `ipv6`, `tcp`, `udp`, `icmp`, `payload`. */
  readonly name: string;
  /** IP headers in front of this layer's own; layers behind a tunnel or ICMP error count up. */
  readonly depth: number;
  /** Bytes from the beginning of the frame. */
  readonly offset: number;
  /** Fields by name, as text for humans, in the order of the header. */
  readonly fields: ReadonlyMap<string, string>;
}

/** What the transport checksums of a packet cover besides the transport itself. */
interface IpContext {
  readonly family: Family;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  /** Where the IP packet ends, by its own length field. */
  readonly end: number;
}

/**
 * Reads a frame, through tunnels and into what ICMP errors quote. Never throws: what is cut off
 * or unknown becomes `payload`.
 *
 * @param guePort UDP destination port behind which IP follows.
 */
export function decode(frame: Uint8Array, guePort: number = GUE_PORT): readonly DecodedLayer[] {
  return new Decoder(frame, guePort).decode();
}

class Decoder {
  readonly #frame: Uint8Array;
  readonly #guePort: number;
  readonly #layers: DecodedLayer[] = [];
  #depth = -1;

  constructor(frame: Uint8Array, guePort: number) {
    this.#frame = frame;
    this.#guePort = guePort;
  }

  decode(): readonly DecodedLayer[] {
    if (!this.#has(0, HeaderBytes.ethernet)) return this.#rest(0);
    this.#add("ethernet", 0, {
      destination: formatMac(this.#frame.subarray(0, 6)),
      source: formatMac(this.#frame.subarray(6, 12)),
      etherType: hex(readU16(this.#frame, 12), 4),
    });
    return this.#etherType(12);
  }

  #etherType(at: number): readonly DecodedLayer[] {
    const type = readU16(this.#frame, at);
    const next = at + 2;
    if (type === EtherType.ipv4) return this.#ipv4(next);
    if (type === EtherType.ipv6) return this.#ipv6(next);
    if (type !== EtherType.vlan && type !== EtherType.serviceVlan) return this.#rest(next);
    if (!this.#has(next, HeaderBytes.tag)) return this.#rest(next);
    this.#add("vlan", next, {
      tci: hex(readU16(this.#frame, next), 4),
      etherType: hex(readU16(this.#frame, next + 2), 4),
    });
    return this.#etherType(next + 2);
  }

  #ipv4(at: number): readonly DecodedLayer[] {
    if (!this.#has(at, ipHeaderBytes(4))) return this.#rest(at);
    this.#depth++;
    const frame = this.#frame;
    const headerBytes = Math.max(20, (readU8(frame, at) & 0x0f) * 4);
    const protocol = readU8(frame, at + 9);
    const fragment = readU16(frame, at + 6);
    this.#add("ipv4", at, {
      version: `${readU8(frame, at) >> 4}`,
      headerWords: `${readU8(frame, at) & 0x0f}`,
      tos: hex(readU8(frame, at + 1), 2),
      totalLength: `${readU16(frame, at + 2)}`,
      id: `${readU16(frame, at + 4)}`,
      fragment: hex(fragment, 4),
      ttl: `${readU8(frame, at + 8)}`,
      protocol: `${protocol}`,
      checksum: this.#checksum(at + 10, at, at + headerBytes, 0),
      source: addressFromBytes(4, frame.subarray(at + 12, at + 16)).text,
      destination: addressFromBytes(4, frame.subarray(at + 16, at + 20)).text,
      options: toHex(frame.subarray(at + 20, at + headerBytes)),
    });
    if ((fragment & 0x1fff) !== 0) return this.#rest(at + headerBytes);
    return this.#transport(protocol, at + headerBytes, {
      family: 4,
      source: frame.subarray(at + 12, at + 16),
      destination: frame.subarray(at + 16, at + 20),
      end: at + readU16(frame, at + 2),
    });
  }

  #ipv6(at: number): readonly DecodedLayer[] {
    if (!this.#has(at, ipHeaderBytes(6))) return this.#rest(at);
    this.#depth++;
    const frame = this.#frame;
    const protocol = readU8(frame, at + 6);
    const [source, destination] = [
      frame.subarray(at + 8, at + 24),
      frame.subarray(at + 24, at + 40),
    ];
    this.#add("ipv6", at, {
      version: `${readU8(frame, at) >> 4}`,
      trafficClass: hex(readU16(frame, at) >> 4 & 0xff, 2),
      flowLabel: hex(readU32(frame, at) & 0xfffff, 5),
      payloadLength: `${readU16(frame, at + 4)}`,
      nextHeader: `${protocol}`,
      hopLimit: `${readU8(frame, at + 7)}`,
      source: addressFromBytes(6, source).text,
      destination: addressFromBytes(6, destination).text,
    });
    const end = at + ipHeaderBytes(6) + readU16(frame, at + 4);
    return this.#transport(protocol, at + 40, { family: 6, source, destination, end });
  }

  #transport(protocol: number, at: number, ip: IpContext): readonly DecodedLayer[] {
    switch (protocol) {
      case IpProtocol.ipv4:
        return this.#ipv4(at);
      case IpProtocol.ipv6:
        return this.#ipv6(at);
      case IpProtocol.tcp:
        return this.#tcp(at, ip);
      case IpProtocol.udp:
        return this.#udp(at, ip);
      case ip.family === 4 ? IpProtocol.icmp : IpProtocol.icmpv6:
        return this.#icmp(at, ip);
      default:
        return this.#rest(at);
    }
  }

  #tcp(at: number, ip: IpContext): readonly DecodedLayer[] {
    if (!this.#has(at, HeaderBytes.tcp)) return this.#rest(at);
    const frame = this.#frame;
    const words = readU8(frame, at + 12) >> 4;
    const end = at + Math.max(HeaderBytes.tcp, words * 4);
    this.#add("tcp", at, {
      ...this.#ports(at),
      sequence: `${readU32(frame, at + 4)}`,
      acknowledgement: `${readU32(frame, at + 8)}`,
      dataOffset: `${words}`,
      flags: flagNames(readU8(frame, at + 13)),
      window: `${readU16(frame, at + 14)}`,
      checksum: this.#transportChecksum(at + 16, at, IpProtocol.tcp, ip),
      urgent: `${readU16(frame, at + 18)}`,
      options: toHex(frame.subarray(at + 20, end)),
    });
    return this.#rest(end);
  }

  #udp(at: number, ip: IpContext): readonly DecodedLayer[] {
    if (!this.#has(at, HeaderBytes.udp)) return this.#rest(at);
    const frame = this.#frame;
    const unchecked = readU16(frame, at + 6) === 0;
    this.#add("udp", at, {
      ...this.#ports(at),
      length: `${readU16(frame, at + 4)}`,
      checksum: unchecked ? "none" : this.#transportChecksum(at + 6, at, IpProtocol.udp, ip),
    });
    const inner = at + HeaderBytes.udp;
    const version = (frame[inner] ?? 0) >> 4;
    if (readU16(frame, at + 2) === this.#guePort && version === 4) return this.#ipv4(inner);
    if (readU16(frame, at + 2) === this.#guePort && version === 6) return this.#ipv6(inner);
    return this.#rest(inner);
  }

  #icmp(at: number, ip: IpContext): readonly DecodedLayer[] {
    if (!this.#has(at, HeaderBytes.icmp)) return this.#rest(at);
    const frame = this.#frame;
    const type = readU8(frame, at);
    this.#add("icmp", at, {
      type: `${type}`,
      code: `${readU8(frame, at + 1)}`,
      checksum: ip.family === 6
        ? this.#transportChecksum(at + 2, at, IpProtocol.icmpv6, ip)
        : this.#checksum(at + 2, at, ip.end, 0),
      rest: hex(readU32(frame, at + 4), 8),
    });
    const quote = at + HeaderBytes.icmp;
    if (ip.family === 4 && [3, 11, 12].includes(type)) return this.#ipv4(quote);
    if (ip.family === 6 && type < 128) return this.#ipv6(quote);
    return this.#rest(quote);
  }

  #ports(at: number): { readonly sourcePort: string; readonly destinationPort: string } {
    return {
      sourcePort: `${readU16(this.#frame, at)}`,
      destinationPort: `${readU16(this.#frame, at + 2)}`,
    };
  }

  #transportChecksum(at: number, start: number, protocol: number, ip: IpContext): string {
    const pseudo = pseudoSum(ip.source, ip.destination, protocol, Math.max(0, ip.end - start));
    return this.#checksum(at, start, ip.end, pseudo);
  }

  /** The checksum with a verdict, if the bytes it covers are all there. */
  #checksum(at: number, start: number, end: number, pseudo: number): string {
    const found = readU16(this.#frame, at);
    if (end > this.#frame.length || end < at + 2) return `${hex(found, 4)} (not checked)`;
    const covered = this.#frame.slice(start, end);
    covered.fill(0, at - start, at - start + 2);
    const right = checksumOf(sumOf(covered), pseudo);
    const good = found % 0xffff === right % 0xffff;
    return good ? hex(found, 4) : `${hex(found, 4)} (wrong, ${hex(right, 4)} is right)`;
  }

  #has(at: number, length: number): boolean {
    return this.#frame.length >= at + length;
  }

  #rest(at: number): readonly DecodedLayer[] {
    if (at < this.#frame.length) {
      this.#add("payload", at, { bytes: toHex(this.#frame.subarray(at)) });
    }
    return this.#layers;
  }

  #add(name: string, offset: number, fields: Readonly<Record<string, string>>): void {
    const shown = Object.entries(fields).filter(([, value]) => value !== "");
    const depth = Math.max(0, this.#depth);
    this.#layers.push({ name, depth, offset, fields: new Map(shown) });
  }
}

function hex(value: number, digits: number): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, "0")}`;
}

function flagNames(flags: number): string {
  const named = Object.entries(TcpFlag).filter(([, bit]) => (flags & bit) !== 0);
  const rest = named.reduce((left, [, bit]) => left & ~bit, flags);
  const names = named.map(([name]) => name);
  return (rest === 0 ? names : [...names, hex(rest, 2)]).join("+") || "none";
}
