/** Section 5 of docs/dataplane.md: QUIC connection ids that name a server. */
import { readU16, readU32, readU8 } from "../bytes.ts";
import { HeaderBytes } from "../protocol.ts";
import type { CounterName } from "./counters.ts";
import { type Decision, drop } from "./decision.ts";
import type { Flow, Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import { lookUpServer } from "./server.ts";
import type { ModelVip } from "./tables.ts";

const LONG_HEADER = 0x80;
const LONG_HEADER_TYPE = 0x30;
const HANDSHAKE = 0x20; // types below it, Initial and 0-RTT, carry an id the client made up
const LONG_HEADER_BYTES = 14;
const SHORT_HEADER_BYTES = 9;
const MIN_ID_BYTES = 8;
/** ICMP codes that QUIC servers ignore: host and port unreachable; address and port, likewise. */
const IGNORABLE_CODES = { 4: [1, 3], 6: [3, 4] } as const;

/** What a UDP payload says about the server of its QUIC connection. */
export type QuicId =
  | { readonly kind: "initial" }
  | { readonly kind: "none" }
  | { readonly kind: "server"; readonly id: number; readonly counter: CounterName };

/** The real a QUIC packet names; null: the ring decides; or the packet is dropped. */
export function routeQuic(
  run: Run,
  packet: Packet,
  flow: Flow,
  vip: ModelVip,
): number | null | Decision {
  const { counters } = run;
  if (flow.icmpErrorCode !== null) {
    counters.count("quic_icmp");
    const ignorable: readonly number[] = IGNORABLE_CODES[packet.family];
    if (ignorable.includes(flow.icmpErrorCode)) counters.count("quic_icmp_ignorable");
    return null;
  }
  const payload = packet.frame.subarray(packet.l4 + HeaderBytes.udp);
  const quic = readQuicId(payload, run.settings.quicLbIdLength);
  if (quic.kind === "initial") {
    counters.count("quic_initial");
    counters.addVip(vip.index, "new_flows", 1);
    return null;
  }
  if (quic.kind === "none") {
    counters.count("quic_ring");
    return null;
  }
  counters.count(quic.counter);
  const server = lookUpServer(run, vip, quic.id);
  switch (server.found) {
    case "usable":
      counters.count("quic_routed");
      return server.real;
    case "inactive":
      return drop("unknown_server");
    case "nothing":
    case "down":
      counters.count("quic_unknown_id");
      counters.count("quic_ring");
      return null;
  }
}

/**
 * Reads the server id out of a QUIC packet's destination connection id.
 *
 * @param lbIdLength Server-id bytes of QUIC-LB ids by config rotation, 8 entries; 0: not used.
 */
export function readQuicId(payload: Uint8Array, lbIdLength: readonly number[]): QuicId {
  const first = payload[0];
  if (first === undefined) return { kind: "none" };
  if ((first & LONG_HEADER) === 0) {
    if (payload.length < SHORT_HEADER_BYTES) return { kind: "none" };
    return readConnectionId(payload.subarray(1), lbIdLength);
  }
  if (payload.length < LONG_HEADER_BYTES) return { kind: "none" };
  if (readU32(payload, 1) === 0) return { kind: "none" }; // version negotiation
  if ((first & LONG_HEADER_TYPE) < HANDSHAKE) return { kind: "initial" };
  if (readU8(payload, 5) < MIN_ID_BYTES) return { kind: "none" };
  return readConnectionId(payload.subarray(6), lbIdLength);
}

function readConnectionId(id: Uint8Array, lbIdLength: readonly number[]): QuicId {
  const first = readU8(id, 0);
  const lbLength = lbIdLength[first >> 5] ?? 0;
  if (lbLength > 0) return server(bigEndian(id, 1, lbLength), "quic_cid_lb");
  switch (first >> 6) {
    case 1:
      return server((first & 0x3f) << 10 | readU16(id, 1) >> 6, "quic_cid_v1");
    case 2:
      return server(bigEndian(id, 1, 3), "quic_cid_v2");
    case 3:
      return server(bigEndian(id, 1, 4), "quic_cid_v3");
    default:
      return { kind: "none" };
  }
}

function server(id: number, counter: CounterName): QuicId {
  return id === 0 ? { kind: "none" } : { kind: "server", id, counter };
}

function bigEndian(bytes: Uint8Array, offset: number, length: number): number {
  return bytes.subarray(offset, offset + length).reduce((value, byte) => value * 256 + byte, 0);
}
