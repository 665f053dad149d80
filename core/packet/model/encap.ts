/** Section 8 of docs/dataplane.md: the packet inside another one, to the real. */
import type { Address } from "../../addr/types.ts";
import type { Encap, RealConfig, VipConfig } from "../../state/types.ts";
import { concat, writeU16 } from "../bytes.ts";
import { EtherType, HeaderBytes, ipHeaderBytes } from "../protocol.ts";
import { gueHeader } from "./gue.ts";
import { ipipHeader } from "./ipip.ts";
import type { OuterClient } from "./outer.ts";
import type { Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import type { Settings } from "./settings.ts";

/** How packets of the VIP travel to the real. */
export function encapOf(settings: Settings, vip: VipConfig, real: RealConfig): Encap {
  return settings.gue ? real.encap ?? vip.encap : "ipip";
}

/** Bytes that encapsulation adds. */
export function outerBytes(encap: Encap, { family }: Address): number {
  return ipHeaderBytes(family) + (encap === "gue" ? HeaderBytes.udp : 0);
}

/**
 * The frame to send: new MACs, the received tags, the outer header, the received IP packet with
 * whatever follows it.
 */
export function encapsulate(
  run: Run,
  packet: Packet,
  client: OuterClient,
  real: Address,
  encap: Encap,
): Uint8Array {
  const { settings, host } = run;
  const { frame, l2 } = packet;
  const outer = encap === "gue"
    ? gueHeader(settings, host, packet, client, real)
    : ipipHeader(settings, packet, client, real);
  const ethernet = concat(host.gatewayMac, frame.subarray(0, 6), frame.subarray(12, l2));
  writeU16(ethernet, l2 - 2, real.family === 4 ? EtherType.ipv4 : EtherType.ipv6);
  return concat(ethernet, outer, frame.subarray(l2));
}
