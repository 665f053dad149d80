/** Section 6 of docs/dataplane.md: tunnel packets to a listed address lose their outer header. */
import type { Family } from "../../addr/types.ts";
import { concat, readU16, readU8, writeU16 } from "../bytes.ts";
import { EtherType, HeaderBytes, ipHeaderBytes, IpProtocol } from "../protocol.ts";
import { type Decision, drop, PASS, send } from "./decision.ts";
import { mergeEcn } from "./ecn.ts";
import { replaceWord, swapMacs } from "./frame.ts";
import type { Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import type { DecapDestination } from "./tables.ts";

const MAX_ROUNDS = 4;

interface Tunnel {
  readonly kind: "ipip" | "gue";
  /** Offset of the inner IP header. */
  readonly inner: number;
}

/**
 * Takes a tunnel off.
 *
 * @param rounds Tunnels already taken off.
 * @returns null: not a tunnel packet for us, it goes on as any other.
 */
export function decapsulate(run: Run, packet: Packet, rounds: number): Decision | null {
  const tunnel = tunnelOf(run, packet);
  if (tunnel === null) return null;
  const listed = run.tables.decapDestination(packet.family, packet.destination);
  if (listed === null && !run.settings.decapAny) return null;
  if (rounds === MAX_ROUNDS) return PASS;
  if (listed !== null) run.counters.count("decap_listed");

  const family = innerFamily(packet, tunnel);
  if (family === null || packet.frame.length < tunnel.inner + ipHeaderBytes(family)) {
    return drop("decap_malformed");
  }
  const frame = withoutTunnel(packet, tunnel, family);
  const refused = hop(frame, packet.l2, family, packet.tos);
  if (refused !== null) return refused;
  run.counters.count(`decap_${tunnel.kind}_${version(packet.family)}`);
  return finish(run, frame, family, listed?.inner ?? "pass");
}

function finish(
  run: Run,
  frame: Uint8Array,
  family: Family,
  inner: DecapDestination["inner"],
): Decision {
  switch (inner) {
    case "pass":
      return { action: "pass-inner", frame };
    case "return":
      run.counters.count(`decap_returned_${version(family)}`);
      swapMacs(frame);
      return send(frame);
    case "balance":
      run.counters.count(`decap_forwarded_${version(family)}`);
      return { action: "again", frame };
  }
}

function version(family: Family): "v4" | "v6" {
  return family === 4 ? "v4" : "v6";
}

function tunnelOf({ settings }: Run, { frame, l4, protocol }: Packet): Tunnel | null {
  if (protocol === IpProtocol.ipv4 || protocol === IpProtocol.ipv6) {
    return settings.decapIpip ? { kind: "ipip", inner: l4 } : null;
  }
  if (!settings.decapGue || protocol !== IpProtocol.udp) return null;
  const inner = l4 + HeaderBytes.udp;
  if (frame.length < inner || readU16(frame, l4 + 2) !== settings.guePort) return null;
  return { kind: "gue", inner };
}

function innerFamily({ frame, protocol }: Packet, { kind, inner }: Tunnel): Family | null {
  if (kind === "ipip") return protocol === IpProtocol.ipv4 ? 4 : 6;
  const first = frame[inner];
  if (first === undefined) return null;
  return first >> 4 === 4 ? 4 : first >> 4 === 6 ? 6 : null;
}

function withoutTunnel({ frame, l2 }: Packet, { inner }: Tunnel, family: Family): Uint8Array {
  const stripped = concat(frame.subarray(0, l2), frame.subarray(inner));
  writeU16(stripped, l2 - 2, family === 4 ? EtherType.ipv4 : EtherType.ipv6);
  return stripped;
}

/** Ends the tunnel's hop: counts it against the TTL and passes congestion marks on, in place. */
function hop(frame: Uint8Array, l3: number, family: Family, outerTos: number): Decision | null {
  const ttlAt = l3 + (family === 4 ? 8 : 7);
  const ttl = readU8(frame, ttlAt);
  if (ttl <= 1) return drop("decap_ttl");
  const tosWord = readU16(frame, l3);
  const tosShift = family === 4 ? 0 : 4;
  const ecn = mergeEcn(tosWord >> tosShift & 0b11, outerTos & 0b11);
  if (ecn === null) return drop("decap_ecn");
  const newTosWord = tosWord & ~(0b11 << tosShift) | ecn << tosShift;
  if (family === 4) {
    replaceWord(frame, l3, newTosWord, l3 + 10);
    replaceWord(frame, ttlAt, (ttl - 1) << 8 | readU8(frame, ttlAt + 1), l3 + 10);
  } else {
    writeU16(frame, l3, newTosWord);
    frame[ttlAt] = ttl - 1;
  }
  return null;
}
