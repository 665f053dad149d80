/**
 * IP addresses, prefixes, end points and MAC addresses: text to bytes and back.
 *
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { formatEndpoint, parseEndpoint } from "./mod.ts";
 *
 * const vip = parseEndpoint("[2001:DB8::1]:443");
 * if (vip !== null) equal(formatEndpoint(vip.address, vip.port), "[2001:db8::1]:443");
 * ```
 *
 * @module
 */
export * from "./types.ts";
export * from "./parse_address.ts";
export * from "./format_address.ts";
export * from "./address_from_bytes.ts";
export * from "./parse_prefix.ts";
export * from "./parse_endpoint.ts";
export * from "./format_endpoint.ts";
export * from "./is_station_mac.ts";
export * from "./parse_mac.ts";
export * from "./format_mac.ts";
