import { formatEndpoint } from "../../core/addr/format_endpoint.ts";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { decode, type DecodedLayer } from "../../core/packet/decode.ts";
import type { PacketSample } from "../host.ts";

/** A document of `weir events --json` and `--jsonl`. */
export interface EventData {
  readonly balancer: string;
  /** Unix time when it was read, ms. */
  readonly at: number;
  /** unknown-flow, too-big, unknown-server. */
  readonly event: string;
  /** tcp, udp, icmp; empty: what follows IP was not captured. */
  readonly protocol: string;
  /** With port where there is one; empty: no IP packet. */
  readonly source: string;
  readonly destination: string;
  readonly frameBytes: number;
  /** The captured bytes, hexadecimal. */
  readonly bytes: string;
}

/**
 * What an event shows of its packet.
 *
 * @param balancer name of the balancer
 * @param at Unix time, ms
 * @param sample the event
 */
export function eventData(balancer: string, at: number, sample: PacketSample): EventData {
  // What clients sent: of tunnels and quotes, only the first IP header is theirs.
  const layers = decode(sample.bytes).filter(({ depth }) => depth <= 0);
  const ip = layers.find(({ name }) => name === "ipv4" || name === "ipv6");
  const above = layers.find(({ name }) => name === "tcp" || name === "udp" || name === "icmp");
  return {
    balancer,
    at,
    event: sample.kind,
    protocol: above?.name ?? "",
    source: endText(ip, above, "source"),
    destination: endText(ip, above, "destination"),
    frameBytes: sample.frameBytes,
    bytes: sample.bytes.toHex(),
  };
}

/**
 * Draws an event on one line.
 *
 * @param data the event
 */
export function eventLine(data: EventData): string {
  const { at, event, protocol, source, destination, frameBytes } = data;
  const time = new Date(at).toISOString().slice(11, -1);
  const who = source === "" ? "no IP packet" : `${protocol} ${source} > ${destination}`;
  return `${time} ${event.padEnd(14)} ${who.trim()}, ${frameBytes} bytes`;
}

function endText(
  ip: DecodedLayer | undefined,
  above: DecodedLayer | undefined,
  end: "source" | "destination",
): string {
  const address = ip?.fields.get(end) ?? "";
  const port = above?.fields.get(`${end}Port`);
  const parsed = parseAddress(address);
  return port === undefined || parsed === null ? address : formatEndpoint(parsed, Number(port));
}
