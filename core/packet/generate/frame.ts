import type { Family } from "../../addr/types.ts";
import type { Protocol, VipFlag } from "../../state/types.ts";
import { packet, type PacketBuilder } from "../build.ts";
import { TcpFlag } from "../protocol.ts";
import { CLIENT_PORTS, CLIENTS, VIP_PORTS } from "./clients.ts";
import { generatePayload, generateTcpOptions } from "./payload.ts";
import type { Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";

/** One side of a conversation with a VIP. */
interface Endpoints {
  readonly family: Family;
  readonly client: Uint8Array;
  readonly vip: Uint8Array;
  readonly clientPort: number;
  readonly vipPort: number;
  readonly protocol: Protocol;
  readonly flags: readonly VipFlag[];
}

const TCP_FLAGS = [
  TcpFlag.ack,
  TcpFlag.ack,
  TcpFlag.ack | TcpFlag.psh,
  TcpFlag.syn,
  TcpFlag.rst,
  TcpFlag.fin | TcpFlag.ack,
  TcpFlag.syn | TcpFlag.rst,
  0,
];
const TTLS = [64, 64, 64, 255, 2, 1, 0];
const V4_ERRORS = [3, 3, 3, 11];
const V6_ERRORS = [1, 2, 2, 3];
const MAX_TUNNELS = 6;

/** A frame that is right in itself; most are for a VIP of the scenario. */
export function generateIntactFrame(random: Random, scenario: Scenario): Uint8Array {
  const ethernet = tagged(random, packet().ethernet(random.bytes(6), random.bytes(6)));
  return withIp(random, scenario, ethernet, 0).bytes();
}

function tagged(random: Random, ethernet: PacketBuilder): PacketBuilder {
  if (!random.oneIn(6)) return ethernet;
  let builder = ethernet;
  for (let tags = random.between(1, 3); tags > 0; tags--) {
    builder = builder.vlan(random.below(0x10000), random.pick([0x8100, 0x88a8]));
  }
  return builder;
}

function withIp(
  random: Random,
  scenario: Scenario,
  front: PacketBuilder,
  tunnels: number,
): PacketBuilder {
  const { settings } = scenario;
  const tunnelOnce = settings.decapIpip || settings.decapGue ? 4 : 40;
  if (tunnels < MAX_TUNNELS && random.oneIn(tunnels === 0 ? tunnelOnce : 2)) {
    return withIp(random, scenario, tunnel(random, scenario, front), tunnels + 1);
  }
  const ends = endpoints(random, scenario);
  switch (random.below(12)) {
    case 0:
      return echo(random, front, ends);
    case 1:
    case 2:
      return icmpError(random, scenario, front, ends);
    case 3:
      return otherProtocol(random, front, ends);
    default:
      return transport(random, scenario, fromClient(random, front, ends), ends);
  }
}

function endpoints(random: Random, { tables }: Scenario): Endpoints {
  const { config } = random.pick(tables.vips);
  const { family } = config.address;
  const port = config.port !== 0 && !random.oneIn(12)
    ? config.port
    : random.pick([...VIP_PORTS, ...VIP_PORTS, 0, 8080]);
  return {
    family,
    client: random.pick(CLIENTS[family]),
    vip: addressIn(random, config.address.bytes, config.prefixLength),
    clientPort: random.pick(CLIENT_PORTS),
    vipPort: port,
    protocol: random.oneIn(12) ? random.pick(["tcp", "udp"]) : config.protocol,
    flags: config.flags,
  };
}

/** An address of the prefix; few of them, so that flows come back. */
function addressIn(random: Random, prefix: Uint8Array, prefixLength: number): Uint8Array {
  const address = prefix.slice();
  const last = prefix.length === 16 && prefixLength > 32 ? 15 : 3;
  const bit = random.between(prefixLength, prefixLength + 7);
  if (bit >> 3 <= last && prefixLength % 32 !== 0) {
    address[bit >> 3] = (address[bit >> 3] ?? 0) | 0x80 >> (bit & 7);
  }
  return address;
}

function fromClient(random: Random, front: PacketBuilder, ends: Endpoints): PacketBuilder {
  return ip(random, front, ends.family, ends.client, ends.vip);
}

function fromVip(random: Random, front: PacketBuilder, ends: Endpoints): PacketBuilder {
  return ip(random, front, ends.family, ends.vip, ends.client);
}

function ip(
  random: Random,
  front: PacketBuilder,
  family: Family,
  source: Uint8Array,
  destination: Uint8Array,
): PacketBuilder {
  const tos = random.oneIn(2) ? 0 : random.below(256);
  const ttl = random.pick(TTLS);
  if (family === 6) {
    const flowLabel = random.oneIn(2) ? 0 : random.below(0x100000);
    return front.ipv6({ source, destination, trafficClass: tos, flowLabel, hopLimit: ttl });
  }
  const fragment = random.pick([0, 0x4000, 0x8000]);
  return front.ipv4({ source, destination, tos, ttl, fragment, id: random.below(0x10000) });
}

function transport(
  random: Random,
  scenario: Scenario,
  front: PacketBuilder,
  ends: Endpoints,
): PacketBuilder {
  const ports = { sourcePort: ends.clientPort, destinationPort: ends.vipPort };
  if (ends.protocol === "tcp") {
    const options = random.oneIn(2) ? new Uint8Array() : generateTcpOptions(random, scenario);
    const flags = random.pick(TCP_FLAGS);
    return front.tcp({ ...ports, flags, options }).payload(filler(random, scenario));
  }
  const checksum = random.oneIn(4) ? { checksum: 0 } : {};
  const payload = random.oneIn(8)
    ? filler(random, scenario)
    : generatePayload(random, scenario, ends.flags);
  return front.udp({ ...ports, ...checksum }).payload(payload);
}

/** Mostly a few bytes; sometimes about as many as fit. */
function filler(random: Random, { settings }: Scenario): Uint8Array {
  if (!random.oneIn(8)) return new Uint8Array(random.below(32)).fill(0x78);
  const limit = random.pick([settings.maxFrame, settings.pathMtu || 1500]);
  return new Uint8Array(Math.max(0, limit - random.between(20, 100))).fill(0x79);
}

function echo(random: Random, front: PacketBuilder, ends: Endpoints): PacketBuilder {
  const type = ends.family === 4 ? random.pick([8, 8, 0]) : random.pick([128, 128, 129]);
  const rest = random.u32();
  const payload = random.bytes(random.below(16));
  // Every checksum, right or wrong, has to be patched alike.
  const checksum = random.pick([undefined, undefined, 0xf7ff, 0xf8ff, 0x00ff, 0x0100, 0, 0xffff]);
  const fields = checksum === undefined ? { type, rest } : { type, rest, checksum };
  return fromClient(random, front, ends).icmp(fields).payload(payload);
}

/** An error from somewhere on the way, about a packet that the VIP sent to the client. */
function icmpError(
  random: Random,
  scenario: Scenario,
  front: PacketBuilder,
  ends: Endpoints,
): PacketBuilder {
  const type = random.pick(ends.family === 4 ? V4_ERRORS : V6_ERRORS);
  const rest = random.pick([0, 576, 1279, 1280, 1500]);
  const router = ip(random, front, ends.family, random.pick(CLIENTS[ends.family]), ends.vip);
  const reply = { ...ends, clientPort: ends.vipPort, vipPort: ends.clientPort };
  const quoted = transport(random, scenario, fromVip(random, packet(), ends), reply).bytes();
  const shown = random.oneIn(3) ? random.between(0, 60) : quoted.length;
  return router.icmp({ type, code: random.below(6), rest }).payload(quoted.subarray(0, shown));
}

function otherProtocol(random: Random, front: PacketBuilder, ends: Endpoints): PacketBuilder {
  const { client, vip, family } = ends;
  const protocol = random.pick([0, 1, 4, 41, 43, 44, 50, 58, 60, 132]);
  const payload = random.bytes(random.below(40));
  return family === 4
    ? front.ipv4({ source: client, destination: vip, protocol }).payload(payload)
    : front.ipv6({ source: client, destination: vip, nextHeader: protocol }).payload(payload);
}

function tunnel(random: Random, scenario: Scenario, front: PacketBuilder): PacketBuilder {
  const listed = random.pick(scenario.tables.decapDestinations).address;
  const { family } = listed;
  const [client] = CLIENTS[family];
  const unlisted = random.oneIn(8) ? client : undefined;
  const outer = ip(random, front, family, random.pick(CLIENTS[family]), unlisted ?? listed.bytes);
  if (!random.oneIn(2)) return outer;
  return outer.udp({
    sourcePort: random.below(0x10000),
    destinationPort: scenario.settings.guePort,
  });
}
