import { parseAddress } from "../core/addr/parse_address.ts";
import { parseMac } from "../core/addr/parse_mac.ts";
import type { Address } from "../core/addr/types.ts";
import { DataplaneError } from "./errors.ts";
import { ip } from "./ip_command.ts";

/** A route as `ip -j route` prints it; more fields than these are there. */
interface Route {
  readonly dst?: string;
  readonly gateway?: string;
  readonly via?: { readonly host: string };
  readonly dev?: string;
}

/** A neighbour as `ip -j neigh` prints it. */
interface Neighbour {
  readonly lladdr?: string;
}

/**
 * The next hop by the routing table.
 *
 * @param ifname The balancer's interface.
 * @param towards A real, to follow the route to it; null: the default route, IPv4 before IPv6.
 * @returns A router, or the real itself when it is on the link.
 * @throws {DataplaneError} When there is no route by this interface.
 */
export async function nextHop(ifname: string, towards: Address | null): Promise<Address> {
  return towards === null ? await defaultHop(ifname) : await hopTowards(ifname, towards);
}

/**
 * The MAC of a neighbour, if the kernel knows it now.
 *
 * @param ifname The interface it is behind.
 * @param address Its address.
 * @returns Six bytes.
 */
export async function neighbourMac(ifname: string, address: Address): Promise<Uint8Array | null> {
  const neighbours = await ip<Neighbour>(["neigh", "show", "to", address.text, "dev", ifname]);
  // An entry that is being resolved or has failed has no link-layer address.
  const text = neighbours.find(({ lladdr }) => lladdr !== undefined)?.lladdr;
  return text === undefined ? null : parseMac(text);
}

async function hopTowards(ifname: string, real: Address): Promise<Address> {
  try {
    const [route] = await ip<Route>(["route", "get", real.text, "oif", ifname]);
    if (route?.dev === ifname) return gatewayOf(route) ?? real;
  } catch (cause) {
    throw noRoute(ifname, real.text, { cause });
  }
  throw noRoute(ifname, real.text);
}

async function defaultHop(ifname: string): Promise<Address> {
  for (const family of ["-4", "-6"]) {
    const routes = await ip<Route>([family, "route", "show", "default", "dev", ifname]);
    for (const route of routes) {
      const hop = gatewayOf(route);
      if (hop !== null) return hop;
    }
  }
  throw noRoute(ifname, "default");
}

function gatewayOf({ gateway, via }: Route): Address | null {
  const text = gateway ?? via?.host;
  return text === undefined ? null : parseAddress(text);
}

function noRoute(ifname: string, towards: string, options?: ErrorOptions): DataplaneError {
  return new DataplaneError({
    action: "find a route to",
    object: towards,
    errno: null,
    reason: `there is none by "${ifname}"`,
    hint: "name the MAC of the next hop with --gateway-mac",
  }, options);
}
