import { ethernetLayer, vlanLayer } from "./layers/ethernet.ts";
import { type Ipv4Fields, ipv4Layer, type Ipv6Fields, ipv6Layer } from "./layers/ip.ts";
import type { IpAddresses, Layer } from "./layers/layer.ts";
import {
  type IcmpFields,
  icmpLayer,
  payloadLayer,
  type TcpFields,
  tcpLayer,
  type UdpFields,
  udpLayer,
} from "./layers/transport.ts";

/** A change to the finished bytes. */
type Edit = (bytes: Uint8Array) => Uint8Array;

/**
 * A packet under construction, from the outside in. Every step gives a new builder, so a common
 * beginning can be shared. Lengths, types and checksums are right unless a field says otherwise;
 * IP in IP, GUE and ICMP quotes are layers behind layers.
 *
 * @example A datagram in an IPIP tunnel
 * ```ts
 * import { equal } from "node:assert/strict";
 *
 * const frame = packet()
 *   .ethernet("02:00:00:00:00:00", "01:00:00:00:00:00")
 *   .ipv4({ source: "10.9.9.9", destination: "172.31.0.1" })
 *   .ipv4({ source: "192.168.1.1", destination: "10.200.1.1" })
 *   .udp({ sourcePort: 31337, destinationPort: 80 })
 *   .payload("x")
 *   .bytes();
 * equal(frame.length, 14 + 20 + 20 + 8 + 1);
 * ```
 */
export class PacketBuilder {
  readonly #layers: readonly Layer[];
  readonly #edits: readonly Edit[];

  constructor(layers: readonly Layer[] = [], edits: readonly Edit[] = []) {
    this.#layers = layers;
    this.#edits = edits;
  }

  /** MAC addresses as text or six bytes; `etherType` instead of the next layer's. */
  ethernet(
    destination: string | Uint8Array,
    source: string | Uint8Array,
    etherType?: number,
  ): PacketBuilder {
    return this.#with(ethernetLayer(destination, source, etherType));
  }

  /** An 802.1Q tag: its 16 bits, tag protocol (0x8100), and `etherType` instead of the next's. */
  vlan(tci: number, type?: number, etherType?: number): PacketBuilder {
    return this.#with(vlanLayer(tci, type, etherType));
  }

  /** An IPv4 header. */
  ipv4(fields: Ipv4Fields): PacketBuilder {
    return this.#with(ipv4Layer(fields));
  }

  /** An IPv6 header. */
  ipv6(fields: Ipv6Fields): PacketBuilder {
    return this.#with(ipv6Layer(fields));
  }

  /** A TCP header, an acknowledgement by default. */
  tcp(fields: TcpFields): PacketBuilder {
    return this.#with(tcpLayer(fields));
  }

  /** A UDP header. */
  udp(fields: UdpFields): PacketBuilder {
    return this.#with(udpLayer(fields));
  }

  /** An ICMP or ICMPv6 header; layers behind it are what it quotes. */
  icmp(fields: IcmpFields): PacketBuilder {
    return this.#with(icmpLayer(fields));
  }

  /** Bytes, or text in UTF-8. */
  payload(content: string | Uint8Array): PacketBuilder {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    return this.#with(payloadLayer(bytes));
  }

  /** Cuts the finished packet after `length` bytes. Lengths and checksums stay as they were. */
  truncate(length: number): PacketBuilder {
    return this.#edited((bytes) => bytes.slice(0, length));
  }

  /** Overwrites bytes of the finished packet. */
  patch(offset: number, replacement: Uint8Array): PacketBuilder {
    return this.#edited((bytes) => {
      bytes.set(replacement, offset);
      return bytes;
    });
  }

  /** The packet. */
  bytes(): Uint8Array {
    const encoded = this.#layers.reduceRight<Uint8Array>(
      (rest, layer, index) => layer.encode(rest, this.#layers[index + 1], this.#ipBefore(index)),
      new Uint8Array(),
    );
    return this.#edits.reduce((bytes, edit) => edit(bytes), encoded);
  }

  #ipBefore(index: number): IpAddresses | undefined {
    return this.#layers.slice(0, index).findLast((layer) => layer.addresses)?.addresses;
  }

  #with(layer: Layer): PacketBuilder {
    return new PacketBuilder([...this.#layers, layer], this.#edits);
  }

  #edited(edit: Edit): PacketBuilder {
    return new PacketBuilder(this.#layers, [...this.#edits, edit]);
  }
}

/** An empty packet. */
export function packet(): PacketBuilder {
  return new PacketBuilder();
}
