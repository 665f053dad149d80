/** Section 5 of docs/dataplane.md: TCP segments whose option 0xB7 names their server. */
import { readU32, readU8 } from "../bytes.ts";
import { HeaderBytes } from "../protocol.ts";
import type { Flow, Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import { lookUpServer } from "./server.ts";
import type { ModelVip } from "./tables.ts";

const MAX_OPTIONS = 15;
const OPTION_END = 0;
const OPTION_NOP = 1;
const OPTION_SERVER_ID = 0xb7;
const OPTION_SERVER_ID_BYTES = 6;

/** The real a segment names; null: the ring decides. */
export function routeTcpServerId(
  run: Run,
  packet: Packet,
  flow: Flow,
  vip: ModelVip,
): number | null {
  if (flow.icmpErrorCode !== null) return null;
  if (flow.syn) {
    run.counters.count("server_id_syn");
    return null;
  }
  const id = readServerIdOption(packet.frame.subarray(packet.l4));
  const server = id === 0 ? null : lookUpServer(run, vip, id);
  if (server?.found !== "usable") {
    run.counters.count("server_id_ring");
    return null;
  }
  run.counters.count("server_id_routed");
  return server.real;
}

/**
 * The server id of a TCP segment, 0 if it has none.
 *
 * @param segment TCP header and what follows it, at least 20 bytes.
 */
export function readServerIdOption(segment: Uint8Array): number {
  const headerBytes = (readU8(segment, 12) >> 4) * 4;
  if (headerBytes < HeaderBytes.tcp || headerBytes > segment.length) return 0;
  let options = segment.subarray(HeaderBytes.tcp, headerBytes);
  for (let walked = 0; walked < MAX_OPTIONS; walked++) {
    const [kind, length] = options;
    if (kind === undefined || kind === OPTION_END) return 0;
    if (kind === OPTION_NOP) {
      options = options.subarray(1);
      continue;
    }
    if (length === undefined || length < 2 || length > options.length) return 0;
    if (kind === OPTION_SERVER_ID) {
      return length === OPTION_SERVER_ID_BYTES ? littleU32(options, 2) : 0;
    }
    options = options.subarray(length);
  }
  return 0;
}

function littleU32(bytes: Uint8Array, offset: number): number {
  return readU32(bytes.slice(offset, offset + 4).reverse(), 0);
}
