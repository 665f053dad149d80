import { parseAddress } from "../../addr/parse_address.ts";
import type { Family } from "../../addr/types.ts";

/** Few clients and ports, so that flows come back. Addresses are 16 bytes in map order. */
export const CLIENTS: Readonly<Record<Family, readonly Uint8Array[]>> = {
  4: ["192.168.1.1", "192.168.1.2", "192.168.200.9", "203.0.113.9"].map(bytesOf),
  6: ["fc00:2::1", "fc00:2::2", "2001:db8::dead:beef"].map(bytesOf),
};

/** Source ports of those clients. */
export const CLIENT_PORTS: readonly number[] = [31337, 31338, 1, 65535];

/** Ports that VIPs have, or that their packets go to. */
export const VIP_PORTS: readonly number[] = [80, 443];

function bytesOf(text: string): Uint8Array {
  return parseAddress(text)?.bytes ?? new Uint8Array(16);
}
