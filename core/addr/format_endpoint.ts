import type { Address } from "./types.ts";

/**
 * Writes an address and a port: `10.0.0.1:80`, `[fc00::1]:80`.
 *
 * @param port 0 to 65535
 */
export function formatEndpoint(address: Address, port: number): string {
  return address.family === 4 ? `${address.text}:${port}` : `[${address.text}]:${port}`;
}
