import { formatMac } from "../../../core/addr/format_mac.ts";
import { isStationMac } from "../../../core/addr/is_station_mac.ts";
import { parseMac } from "../../../core/addr/parse_mac.ts";

/**
 * Reads `auto` or a MAC address, in lower case with colons.
 *
 * @param input argument
 */
export function parseGatewayMac(input: string): string {
  if (input === "auto") return input;
  const mac = parseMac(input);
  if (mac === null) throw new SyntaxError(`Expected auto or a MAC address but found "${input}"`);
  if (isStationMac(mac)) return formatMac(mac);
  throw new SyntaxError(`Expected the MAC address of one interface but found "${input}"`);
}

/**
 * Reads a time of 0.1 s to a day.
 *
 * @param input seconds, decimals allowed
 */
export function parseSeconds(input: string): number {
  const seconds = Number(input);
  if (/^[0-9]+(\.[0-9]+)?$/.test(input) && seconds >= 0.1 && seconds <= 86_400) return seconds;
  throw new SyntaxError(`Expected seconds from 0.1 to 86400 but found "${input}"`);
}

/**
 * Reads a pinned program array and a slot of it.
 *
 * @param input path, maybe a colon and a slot; without one the slot that katran takes
 */
export function parseChain(input: string): { readonly path: string; readonly slot: number } {
  const [, path, slot = "2"] = /^(\/[^:]+)(?::(\d{1,4}))?$/.exec(input) ?? [];
  if (path !== undefined) return { path, slot: Number(slot) };
  throw new SyntaxError(
    `Expected the path of a program array, as in /sys/fs/bpf/jmp_eth0:2, but found "${input}"`,
  );
}
