/**
 * What the balancer under test is set up with: the same for every class, whichever it measures.
 *
 * @module
 */
import { parseAddress } from "../addr/parse_address.ts";
import type { Address, Family } from "../addr/types.ts";
import type { BenchVip } from "./types.ts";

/** MAC address of the next hop. */
export const GATEWAY_MAC = "00:00:de:ad:be:af";

/** Outer destination whose tunnel packets are taken apart. */
export const DECAP_ADDRESS = "172.31.0.1";

/** Clients of this prefix have a real of their own. */
export const SOURCE_PREFIX = { prefix: "11.0.0.0/8", real: 7 } as const;

/** VIPs of the class with many. */
export const MANY_VIPS = 64;

/** Reals of each family. */
const REALS = 100;

/** All VIPs; the index is the position. */
export const VIPS: readonly BenchVip[] = [
  { address: "10.200.1.1", port: 80, protocol: "tcp", reals: 4 },
  { address: "10.200.1.1", port: 80, protocol: "udp", reals: 4 },
  { address: "10.200.1.2", port: 80, protocol: "udp", reals: 4, affinity: "none" },
  { address: "10.200.1.3", port: 80, protocol: "tcp", reals: 6 },
  { address: "10.200.1.4", port: 0, protocol: "tcp", reals: 4 },
  { address: "10.200.1.5", port: 443, protocol: "udp", reals: 4, flags: ["quic"] },
  { address: "10.200.1.6", port: 80, protocol: "tcp", reals: 4, encap: "gue" },
  { address: "10.200.1.7", port: 80, protocol: "tcp", reals: 4, affinity: "none" },
  {
    address: "10.200.1.8",
    port: 80,
    protocol: "tcp",
    reals: 4,
    affinity: "none",
    flags: ["source-routing"],
  },
  { address: "10.200.1.10", port: 80, protocol: "tcp", reals: 4, flags: ["tcp-server-id"] },
  { address: "10.200.1.11", port: 80, protocol: "tcp", reals: 4, unstable: true },
  { address: "10.200.1.12", port: 80, protocol: "tcp", reals: 4 },
  { address: "10.200.1.13", port: 80, protocol: "tcp", reals: 4 },
  { address: "10.200.1.14", port: 80, protocol: "tcp", reals: 4, affinity: "always" },
  { address: "fc00:1::1", port: 80, protocol: "tcp", reals: 6 },
  { address: "fc00:1::1", port: 80, protocol: "udp", reals: 6 },
  { address: "fc00:1::2", port: 443, protocol: "udp", reals: 6, flags: ["quic"] },
  ...Array.from({ length: MANY_VIPS }, (_, i): BenchVip => ({
    address: `10.200.2.${i}`,
    port: 443,
    protocol: "tcp",
    reals: 4,
  })),
];

/**
 * The reals, 100 of each family.
 *
 * @returns Addresses by index, which counts from 1: IPv4 first.
 */
export function benchReals(): ReadonlyMap<number, Address> {
  const numbers = Array.from({ length: REALS }, (_, i) => i + 1);
  return new Map([
    ...numbers.map((n) => [n, address(`10.0.0.${n}`)] as const),
    ...numbers.map((n) => [REALS + n, address(`fc00::${n.toString(16)}`)] as const),
  ]);
}

/**
 * The reals that serve a VIP.
 *
 * @param family The VIP's `reals`.
 * @returns Their indices.
 */
export function realsOf(family: Family): readonly number[] {
  return Array.from({ length: REALS }, (_, i) => i + 1 + (family === 6 ? REALS : 0));
}

/**
 * The server ids of the IPv4 reals in QUIC connection ids of version 2 and in TCP options.
 *
 * @returns Real indices by id.
 */
export function benchServerIds(): ReadonlyMap<number, number> {
  return new Map(realsOf(4).map((real) => [serverId(real), real]));
}

/**
 * The server id of a real.
 *
 * @param real Its index.
 */
export function serverId(real: number): number {
  return 0x030000 | (1000 + real);
}

function address(text: string): Address {
  const parsed = parseAddress(text);
  if (parsed === null) throw new SyntaxError(`Cannot read "${text}" as an address`);
  return parsed;
}
