import { parseEndpoint } from "../addr/parse_endpoint.ts";
import type { VipKey } from "./types.ts";

/**
 * The text that names a VIP everywhere: `tcp 198.51.100.10:80`, `udp [fc00::/64]:any`. Equal keys have
 * equal text, so it also serves as a map key. The command line accepts what this prints.
 *
 * @param key identity of the VIP; port 0 prints as `any`
 * @returns protocol, a space, and the endpoint
 */
export function vipKeyText(key: VipKey): string {
  return `${key.protocol} ${vipEndpointText(key)}`;
}

/**
 * The endpoint of a VIP: address or prefix, and port.
 *
 * @param key identity of the VIP; port 0 prints as `any`
 * @returns for example `198.51.100.0/24:80` or `[fc00::1]:any`
 */
export function vipEndpointText(key: Omit<VipKey, "protocol">): string {
  const { family, text } = key.address;
  const host = key.prefixLength === (family === 4 ? 32 : 128)
    ? text
    : `${text}/${key.prefixLength}`;
  return `${family === 6 ? `[${host}]` : host}:${key.port === 0 ? "any" : key.port}`;
}

/**
 * Reads the endpoint of a VIP, as `vipEndpointText` writes it.
 *
 * @param text endpoint; the port is 0 to 65535 or `any`
 * @returns address, prefix length and port, or null if the text is none
 */
export function parseVipEndpoint(text: string): Omit<VipKey, "protocol"> | null {
  const endpoint = parseEndpoint(text.replace(/:any$/, ":0"));
  if (endpoint === null) return null;
  const { address, prefixLength, port } = endpoint;
  return { address, prefixLength, port };
}
