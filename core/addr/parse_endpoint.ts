import { parseDecimal } from "./_decimal.ts";
import { parsePrefix } from "./parse_prefix.ts";
import type { Endpoint } from "./types.ts";

/**
 * Reads an address or a prefix with a port: `10.0.0.1:80`, `[fc00::1]:80`, `10.0.0.0/24:80`,
 * `[fc00::/64]:80`. IPv6 needs its brackets, IPv4 has none.
 *
 * @returns the end point with port 0 to 65535, or null
 *
 * @example
 * ```ts
 * import { equal } from "node:assert/strict";
 *
 * const endpoint = parseEndpoint("[fc00::/64]:443");
 * equal(endpoint?.address.text, "fc00::");
 * equal(endpoint?.prefixLength, 64);
 * equal(endpoint?.port, 443);
 * ```
 */
export function parseEndpoint(text: string): Endpoint | null {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return null;
  const port = parseDecimal(text.slice(colon + 1), 65535);
  const host = text.slice(0, colon);
  const bracketed = host.startsWith("[") && host.endsWith("]");
  const prefix = parsePrefix(bracketed ? host.slice(1, -1) : host);
  if (port === null || prefix === null || (prefix.address.family === 6) !== bracketed) return null;
  return { ...prefix, port };
}
