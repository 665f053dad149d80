import type { Family } from "../../core/addr/types.ts";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { packet, type PacketBuilder } from "../../core/packet/build.ts";
import type { TcpFields, UdpFields } from "../../core/packet/layers/transport.ts";
import type { Protocol } from "../../core/state/types.ts";
import type { FlowKey } from "../../ffi/abi.gen.ts";
import type { VipPlace, World } from "./world.ts";

const CLIENT: Readonly<Record<Family, string>> = { 4: "192.168.1.1", 6: "fc00:2::1" };
const ROUTER: Readonly<Record<Family, string>> = { 4: "203.0.113.9", 6: "fc00:3::9" };
/** An address that is no VIP's. */
const STRANGER: Readonly<Record<Family, string>> = { 4: "10.99.0.1", 6: "fc00:99::1" };

/** IP fields of both families by the name of one. */
export interface IpOptions {
  readonly source?: string;
  readonly destination?: string;
  readonly tos?: number;
  readonly ttl?: number;
  /** Protocol or next header, if not that of the next layer. */
  readonly protocol?: number;
  /** IPv4 only. */
  readonly fragment?: number;
  /** IPv4 only. */
  readonly options?: Uint8Array;
}

/** An ICMP error: IPv4 type 3, or ICMPv6 type 1, 2 for "too big". */
export interface IcmpErrorOptions {
  readonly tooBig?: boolean;
  readonly code?: number;
  readonly mtu?: number;
  /** Bytes of the quoted packet. */
  readonly shown?: number;
  /** Instead of the right one. */
  readonly type?: number;
}

/**
 * One client's packets to one VIP, in words that hold for both address families. Each row of a
 * table has a client of its own: a source port that no other row has.
 */
export class Client {
  readonly family: Family;
  readonly world: World;
  readonly vip: VipPlace;
  readonly sourcePort: number;
  /** Where packets begin: an Ethernet header, or tags behind it. */
  readonly front: PacketBuilder;

  /**
   * @param world The balancer.
   * @param family Of its packets.
   * @param vip Name of the VIP.
   * @param sourcePort Its own.
   */
  constructor(world: World, family: Family, vip: string, sourcePort: number) {
    this.world = world;
    this.family = family;
    this.vip = world.vip(vip, family);
    this.sourcePort = sourcePort;
    this.front = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
  }

  /** An address of this family that is no VIP's. */
  get stranger(): string {
    return STRANGER[this.family];
  }

  /** The client's address. */
  get address(): string {
    return CLIENT[this.family];
  }

  /** Ports of a packet to the VIP. */
  get ports(): { readonly sourcePort: number; readonly destinationPort: number } {
    return { sourcePort: this.sourcePort, destinationPort: this.vip.packetPort };
  }

  /** An IP header to the VIP. */
  ip(options: IpOptions = {}, front: PacketBuilder = this.front): PacketBuilder {
    const { tos = 0, ttl = 64, protocol, fragment, options: ipOptions } = options;
    const source = options.source ?? this.address;
    const destination = options.destination ?? this.vip.address;
    if (this.family === 6) {
      const next = protocol === undefined ? {} : { nextHeader: protocol };
      return front.ipv6({ source, destination, trafficClass: tos, hopLimit: ttl, ...next });
    }
    return front.ipv4({
      source,
      destination,
      tos,
      ttl,
      ...protocol === undefined ? {} : { protocol },
      ...fragment === undefined ? {} : { fragment },
      ...ipOptions === undefined ? {} : { options: ipOptions },
    });
  }

  /** TCP to the VIP, an acknowledgement by default. */
  tcp(fields: Partial<TcpFields> = {}, ip?: IpOptions, front?: PacketBuilder): PacketBuilder {
    return this.ip(ip, front).tcp({ ...this.ports, ...fields });
  }

  /** UDP to the VIP. */
  udp(
    payload: string | Uint8Array = "",
    fields: Partial<UdpFields> = {},
    ip?: IpOptions,
    front?: PacketBuilder,
  ): PacketBuilder {
    return this.ip(ip, front).udp({ ...this.ports, ...fields }).payload(payload);
  }

  /** A ping; with a checksum of its own, right or wrong. */
  ping(ip: IpOptions = {}, checksum?: number): PacketBuilder {
    const fields = { type: this.family === 4 ? 8 : 128, rest: 0x10001 };
    return this.ip(ip).icmp(checksum === undefined ? fields : { ...fields, checksum }).payload(
      "ab",
    );
  }

  /** An ICMP error to the VIP about a packet that it is said to have sent to this client. */
  icmpError(quoted: Uint8Array, options: IcmpErrorOptions = {}, ip: IpOptions = {}): PacketBuilder {
    const { tooBig = false, code = 0, mtu = 0, shown = quoted.length } = options;
    const type = options.type ?? (this.family === 4 ? 3 : tooBig ? 2 : 1);
    return this.ip({ source: ROUTER[this.family], ...ip })
      .icmp({ type, code: tooBig && this.family === 4 ? 4 : code, rest: mtu })
      .payload(quoted.subarray(0, shown));
  }

  /** The VIP's TCP answer to this client, without Ethernet header. */
  tcpAnswer(fields: Partial<TcpFields> = {}, ip: IpOptions = {}): Uint8Array {
    return this.#answer(ip).tcp({ ...this.#answerPorts, ...fields }).bytes();
  }

  /** The VIP's UDP answer to this client, without Ethernet header. */
  udpAnswer(ip: IpOptions = {}): Uint8Array {
    return this.#answer(ip).udp(this.#answerPorts).bytes();
  }

  /** The key of this client's flow in the flow table. */
  flowKey(protocol: Protocol): FlowKey {
    return {
      src: parseAddress(this.address)?.bytes ?? new Uint8Array(16),
      sport: this.sourcePort,
      dport: this.vip.packetPort,
      vip: this.vip.index[protocol],
      dst: 0,
    };
  }

  get #answerPorts(): { readonly sourcePort: number; readonly destinationPort: number } {
    return { sourcePort: this.vip.packetPort, destinationPort: this.sourcePort };
  }

  #answer(ip: IpOptions): PacketBuilder {
    return this.ip({ source: this.vip.address, destination: this.address, ...ip }, packet());
  }
}
