/** Section 5 of docs/dataplane.md: UDP datagrams that name their server (stable routing). */
import { readU16, readU8 } from "../bytes.ts";
import { HeaderBytes } from "../protocol.ts";
import { type Decision, drop } from "./decision.ts";
import type { Flow, Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import { lookUpServer } from "./server.ts";
import type { ModelVip } from "./tables.ts";

const MARKER = 0x52;
const STABLE_HEADER_BYTES = 8;

/** The real a datagram names; null: the ring decides; or the packet is dropped. */
export function routeStable(
  run: Run,
  packet: Packet,
  flow: Flow,
  vip: ModelVip,
): number | null | Decision {
  if (flow.icmpErrorCode !== null) return null;
  const id = readStableId(packet.frame.subarray(packet.l4 + HeaderBytes.udp));
  if (id === null) run.counters.count("stable_invalid");
  if (id === null || id === 0) {
    run.counters.count("stable_ring");
    return null;
  }
  const server = lookUpServer(run, vip, id);
  switch (server.found) {
    case "usable":
      run.counters.count("stable_routed");
      return server.real;
    case "inactive":
      return drop("unknown_server");
    case "nothing":
    case "down":
      run.counters.count("stable_unknown_id");
      run.counters.count("stable_ring");
      return null;
  }
}

/** The server id of a UDP payload (0: none chosen yet), or null without a header. */
export function readStableId(payload: Uint8Array): number | null {
  if (payload.length < STABLE_HEADER_BYTES || payload[0] !== MARKER) return null;
  return readU8(payload, 1) << 16 | readU16(payload, 2);
}
