import { parseMac } from "../../addr/parse_mac.ts";
import { concat, writeU16 } from "../bytes.ts";
import { EtherType } from "../protocol.ts";
import type { Layer } from "./layer.ts";

/** EtherType of a layer that has none of its own (IEEE 802, local experiments). */
const EXPERIMENTAL = 0x88b5;

/**
 * An Ethernet header.
 *
 * @param destination `02:00:00:00:00:00`, or six bytes.
 * @param etherType Instead of what the next layer asks for.
 */
export function ethernetLayer(
  destination: string | Uint8Array,
  source: string | Uint8Array,
  etherType?: number,
): Layer {
  const macs = concat(macBytes(destination), macBytes(source));
  return {
    encode: (rest, next) => concat(macs, word(etherType ?? next?.etherType ?? EXPERIMENTAL), rest),
  };
}

/**
 * An 802.1Q tag behind the Ethernet header or another tag.
 *
 * @param tci Priority, drop eligibility and VLAN id, 16 bits.
 * @param type Tag protocol: 0x8100 or 0x88a8.
 * @param etherType Instead of what the next layer asks for.
 */
export function vlanLayer(tci: number, type: number = EtherType.vlan, etherType?: number): Layer {
  return {
    etherType: type,
    encode: (rest, next) =>
      concat(word(tci), word(etherType ?? next?.etherType ?? EXPERIMENTAL), rest),
  };
}

function macBytes(mac: string | Uint8Array): Uint8Array {
  const bytes = typeof mac === "string" ? parseMac(mac) : mac;
  if (bytes?.length !== 6) {
    throw new RangeError(`Cannot use "${mac}" as a MAC address: expected six bytes`);
  }
  return bytes;
}

function word(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  writeU16(bytes, 0, value);
  return bytes;
}
