/**
 * The packets of the benchmark, each 128 bytes. The client's address and port differ from flow to
 * flow: checksums, which no balancer looks at, are those of flow 0.
 *
 * @module
 */
import { packet, type PacketBuilder } from "../packet/build.ts";
import { concat, writeU32 } from "../packet/bytes.ts";
import { TcpFlag } from "../packet/protocol.ts";
import { DECAP_ADDRESS } from "./scenario.ts";
import type { FrameTemplate } from "./types.ts";

const FRAME_BYTES = 128;
const ETHERNET_BYTES = 14;
/** Offsets of the last four bytes of the source in an IP header, and bytes of the header. */
const SOURCE_AT = { 4: 12, 6: 20 } as const;
const IP_BYTES = { 4: 20, 6: 40 } as const;
const UDP_BYTES = 8;
const ICMP_BYTES = 8;
const CLIENT = { 4: "11.0.0.0", 6: "fc00:0:2::" } as const;
const ROUTER = "192.0.2.1";
const CLIENT_PORT = 1024;
const SERVER_ID_OPTION = 0xb7;
const NOP = 1;
const ICMP_ECHO = 8;
const ICMP_UNREACHABLE = 3;
const ICMP_FRAG_NEEDED = 4;
const ICMP6_TOO_BIG = 2;

/** What a frame is sent to. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/**
 * A TCP segment.
 *
 * @param target VIP, or not one.
 * @param flags Bits of the header; default: an acknowledgement.
 * @param options TCP options, a multiple of 4 bytes.
 */
export function tcpFrame(
  target: Target,
  flags: number = TcpFlag.ack,
  options?: Uint8Array,
): FrameTemplate {
  const builder = ip(ethernet(), target.address).tcp({
    sourcePort: CLIENT_PORT,
    destinationPort: target.port,
    flags,
    ...(options === undefined ? {} : { options }),
  });
  return template(builder, familyOf(target.address), ETHERNET_BYTES);
}

/**
 * A TCP segment that opens a connection.
 *
 * @param target The VIP.
 */
export function synFrame(target: Target): FrameTemplate {
  return tcpFrame(target, TcpFlag.syn);
}

/**
 * A TCP segment whose options name a server.
 *
 * @param target The VIP.
 * @param server Its id.
 */
export function serverIdFrame(target: Target, server: number): FrameTemplate {
  const id = new Uint8Array(4);
  writeU32(id, 0, server);
  const option = concat(Uint8Array.of(NOP, NOP, SERVER_ID_OPTION, 6), id.reverse());
  return tcpFrame(target, TcpFlag.ack, option);
}

/**
 * A UDP datagram.
 *
 * @param target The VIP.
 * @param payload Its first bytes.
 */
export function udpFrame(target: Target, payload: Uint8Array = new Uint8Array()): FrameTemplate {
  const builder = ip(ethernet(), target.address)
    .udp({ sourcePort: CLIENT_PORT, destinationPort: target.port }).payload(payload);
  return template(builder, familyOf(target.address), ETHERNET_BYTES);
}

/**
 * A QUIC packet with a short header and a connection id of version 2.
 *
 * @param target The VIP.
 * @param server Server id, 24 bits.
 */
export function quicFrame(target: Target, server: number): FrameTemplate {
  const id = new Uint8Array(4);
  writeU32(id, 0, server);
  id[0] = 2 << 6;
  return udpFrame(target, concat(Uint8Array.of(0x40), id, new Uint8Array(16)));
}

/**
 * The QUIC packet that opens a connection.
 *
 * @param target The VIP.
 */
export function quicInitialFrame(target: Target): FrameTemplate {
  return udpFrame(target, concat(Uint8Array.of(0xc0, 0, 0, 0, 1, 8), new Uint8Array(24)));
}

/**
 * A ping.
 *
 * @param address The VIP's address.
 */
export function echoFrame(address: string): FrameTemplate {
  const builder = ip(ethernet(), address).icmp({ type: ICMP_ECHO, rest: 1 });
  // The flow goes into identifier and sequence number.
  return template(builder, 4, ETHERNET_BYTES, ETHERNET_BYTES + IP_BYTES[4] + 4);
}

/**
 * What a router says of a packet that a real sent to a client: too big for the path.
 *
 * @param target The VIP that the real answered for.
 */
export function tooBigFrame(target: Target): FrameTemplate {
  const family = familyOf(target.address);
  const router = ethernet();
  const outer = family === 4
    ? router.ipv4({ source: ROUTER, destination: target.address })
      .icmp({ type: ICMP_UNREACHABLE, code: ICMP_FRAG_NEEDED, rest: 1400 })
      .ipv4({ source: target.address, destination: CLIENT[4] })
    : router.ipv6({ source: "fc00::ffff", destination: target.address })
      .icmp({ type: ICMP6_TOO_BIG, rest: 1400 })
      .ipv6({ source: target.address, destination: CLIENT[6] });
  const builder = outer.tcp({ sourcePort: target.port, destinationPort: CLIENT_PORT });
  const quote = ETHERNET_BYTES + IP_BYTES[family] + ICMP_BYTES;
  return {
    bytes: padded(builder),
    client: quote + SOURCE_AT[family] + (family === 4 ? 4 : 16),
    port: quote + IP_BYTES[family] + 2,
  };
}

/**
 * A TCP segment in a tunnel to the balancer.
 *
 * @param target The VIP.
 * @param kind Encapsulation.
 */
export function tunnelFrame(target: Target, kind: "ipip" | "gue"): FrameTemplate {
  const outer = ethernet().ipv4({ source: ROUTER, destination: DECAP_ADDRESS });
  const inner = kind === "ipip" ? outer : outer.udp({ sourcePort: 4711, destinationPort: 6080 });
  const builder = ip(inner, target.address)
    .tcp({ sourcePort: CLIENT_PORT, destinationPort: target.port });
  const at = ETHERNET_BYTES + IP_BYTES[4] + (kind === "ipip" ? 0 : UDP_BYTES);
  return template(builder, 4, at);
}

function ethernet(): PacketBuilder {
  return packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
}

function ip(before: PacketBuilder, destination: string): PacketBuilder {
  return familyOf(destination) === 4
    ? before.ipv4({ source: CLIENT[4], destination })
    : before.ipv6({ source: CLIENT[6], destination });
}

function familyOf(address: string): 4 | 6 {
  return address.includes(":") ? 6 : 4;
}

/** The client's IP header stands at `at`, its port right behind unless said otherwise. */
function template(
  builder: PacketBuilder,
  family: 4 | 6,
  at: number,
  port: number = at + IP_BYTES[family],
): FrameTemplate {
  return { bytes: padded(builder), client: at + SOURCE_AT[family], port };
}

/** Grows the payload until the frame has its size. */
function padded(builder: PacketBuilder): Uint8Array {
  const short = FRAME_BYTES - builder.bytes().length;
  return builder.payload(new Uint8Array(short)).bytes();
}
