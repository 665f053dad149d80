import { parseAddress } from "../core/addr/parse_address.ts";
import type { Address } from "../core/addr/types.ts";

/**
 * The addresses of this host, in this network namespace.
 *
 * @param ifname Only those of this interface; all interfaces if left out.
 * @returns All but loopback and IPv6 link-local ones, each once.
 */
export function localAddresses(ifname?: string): readonly Address[] {
  const addresses = new Map<string, Address>();
  for (const { name, address } of Deno.networkInterfaces()) {
    if (ifname !== undefined && name !== ifname) continue;
    const parsed = parseAddress(address.split("%")[0] ?? "");
    if (parsed !== null && !isLocalOnly(parsed)) addresses.set(parsed.text, parsed);
  }
  return [...addresses.values()];
}

function isLocalOnly({ family, bytes, text }: Address): boolean {
  if (family === 4) return bytes[0] === 127;
  return text === "::1" || (bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80);
}
