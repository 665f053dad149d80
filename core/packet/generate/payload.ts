/** Payloads and options that name a server, well-formed or nearly so. */
import type { VipFlag } from "../../state/types.ts";
import { concat, writeU16, writeU32 } from "../bytes.ts";
import type { Scenario } from "./scenario.ts";
import type { Random } from "./random.ts";

const SERVER_ID_OPTION = 0xb7;
const STABLE_MARKER = 0x52;

/** A UDP payload, mostly of the kind that the VIP's flags ask for. */
export function generatePayload(
  random: Random,
  scenario: Scenario,
  flags: readonly VipFlag[],
): Uint8Array {
  const asked = flags.filter((flag) => flag === "quic" || flag === "udp-stable");
  const kinds = asked.length > 0 && !random.oneIn(6) ? asked : ["quic", "udp-stable", "any"];
  switch (random.pick(kinds)) {
    case "quic":
      return cut(random, quicPacket(random, scenario));
    case "udp-stable":
      return cut(random, stableDatagram(random, scenario));
    default:
      return random.bytes(random.below(64));
  }
}

/** TCP options, a multiple of 4 bytes and at most 40. */
export function generateTcpOptions(random: Random, scenario: Scenario): Uint8Array {
  const options: number[] = [];
  while (options.length < 40 && !random.oneIn(4)) options.push(...tcpOption(random, scenario));
  const length = Math.min(40, Math.ceil(options.length / 4) * 4);
  const padded = new Uint8Array(length).fill(random.pick([0, 1]));
  padded.set(options.slice(0, length));
  return padded;
}

function tcpOption(random: Random, scenario: Scenario): readonly number[] {
  switch (random.below(8)) {
    case 0:
      return random.oneIn(8) ? [0] : [8, 10, ...random.bytes(8)];
    case 1:
      return [2, 4, 5, 0x78];
    case 2:
      return new Array<number>(random.between(1, 16)).fill(1);
    case 3:
      return [random.below(256), random.pick([0, 1, 2, 3, 6, 40])];
    case 4:
      return [SERVER_ID_OPTION, random.pick([2, 5, 6, 7]), ...random.bytes(4)];
    default: {
      const id = new Uint8Array(4);
      writeU32(id, 0, serverId(random, scenario, 32));
      return [SERVER_ID_OPTION, 6, ...id.reverse()];
    }
  }
}

function quicPacket(random: Random, scenario: Scenario): Uint8Array {
  const id = connectionId(random, scenario);
  if (random.oneIn(2)) return concat(Uint8Array.of(random.below(0x80)), id, random.bytes(8));
  const first = 0x80 | random.below(0x80);
  const version = random.oneIn(8) ? 0 : random.pick([1, 0x6b3343cf]);
  const head = new Uint8Array(6);
  head[0] = first;
  writeU32(head, 1, version);
  head[5] = random.pick([8, 8, 8, 20, 7, 0]);
  return concat(head, id, random.bytes(8));
}

/** A connection id of any version, or of QUIC-LB where a rotation is configured. */
function connectionId(random: Random, scenario: Scenario): Uint8Array {
  const bytes = random.bytes(8);
  const rotation = random.below(8);
  const lbLength = scenario.settings.quicLbIdLength[rotation] ?? 0;
  if (lbLength > 0) {
    bytes[0] = rotation << 5 | random.below(32);
    const id = new Uint8Array(4);
    writeU32(id, 0, serverId(random, scenario, lbLength * 8));
    bytes.set(id.subarray(4 - lbLength), 1);
    return bytes;
  }
  return versionedId(random, scenario, bytes);
}

/** The id's first two bits say its version. */
function versionedId(random: Random, scenario: Scenario, bytes: Uint8Array): Uint8Array {
  const version = random.below(4);
  if (version === 1) {
    const id = serverId(random, scenario, 16);
    bytes[0] = id >> 10;
    writeU16(bytes, 1, (id << 6 | random.below(64)) & 0xffff);
  } else if (version === 2) {
    writeU32(bytes, 0, serverId(random, scenario, 24));
  } else if (version === 3) {
    writeU32(bytes, 1, serverId(random, scenario, 32));
  }
  bytes[0] = version << 6 | (bytes[0] ?? 0) & 0x3f;
  return bytes;
}

function stableDatagram(random: Random, scenario: Scenario): Uint8Array {
  const head = new Uint8Array(4);
  writeU32(head, 0, STABLE_MARKER << 24 | serverId(random, scenario, 24));
  if (random.oneIn(8)) head[0] = random.below(256);
  return concat(head, random.bytes(random.between(4, 12)));
}

/** Mostly one that is mapped, of at most so many bits. */
function serverId(random: Random, { tables }: Scenario, bits: number): number {
  const limit = 2 ** bits;
  if (random.oneIn(6)) return random.pick([0, 7, random.below(limit)]) % limit;
  return random.pick([...tables.serverIds.keys(), 1].filter((id) => id < limit));
}

function cut(random: Random, payload: Uint8Array): Uint8Array {
  return random.oneIn(6) ? payload.subarray(0, random.below(payload.length + 1)) : payload;
}
