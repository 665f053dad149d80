import { parseAddress } from "../core/addr/parse_address.ts";
import { parseMac } from "../core/addr/parse_mac.ts";
import type { Address } from "../core/addr/types.ts";
import { checkErrno, DataplaneError } from "./errors.ts";
import { Fd } from "./fd.ts";
import { interfaceIndex } from "./interfaces.ts";
import { libc } from "./libbpf/open.ts";

/** The next hop of every packet that is sent. */
export interface Gateway {
  readonly address: Address;
  /** Six bytes. */
  readonly mac: Uint8Array;
}

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

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
/** Nobody listens there; the packet only makes the kernel ask for the MAC. */
const DISCARD_PORT = 9;
const TRIES = 20;
const TRY_MS = 50;

/**
 * Finds the MAC that packets towards the reals are sent to.
 *
 * @param ifname The balancer's interface.
 * @param towards A real, to follow the route to it; null: the default route, IPv4 before IPv6.
 * @returns Next hop and its MAC.
 * @throws {DataplaneError} When there is no route by this interface, or nobody answers.
 */
export async function discoverGateway(ifname: string, towards: Address | null): Promise<Gateway> {
  const address = towards === null ? await defaultHop(ifname) : await hopTowards(ifname, towards);
  for (let tries = 0; tries < TRIES; tries++) {
    const mac = await neighbourMac(ifname, address);
    if (mac !== null) return { address, mac };
    if (tries === 0) nudge(ifname, address);
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  throw new DataplaneError({
    action: "find the MAC of next hop",
    object: address.text,
    errno: null,
    reason: `nobody answered on "${ifname}" within ${TRIES * TRY_MS / 1000} s`,
    hint: "name the MAC with --gateway-mac",
  });
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

async function neighbourMac(ifname: string, address: Address): Promise<Uint8Array | null> {
  const neighbours = await ip<Neighbour>(["neigh", "show", "to", address.text, "dev", ifname]);
  // An entry that is being resolved or has failed has no link-layer address.
  const text = neighbours.find(({ lladdr }) => lladdr !== undefined)?.lladdr;
  return text === undefined ? null : parseMac(text);
}

/** Sends an empty datagram, so that the kernel resolves the address. */
function nudge(ifname: string, address: Address): void {
  const family = address.family === 4 ? AF_INET : AF_INET6;
  const number = libc().socket(family, SOCK_DGRAM_CLOEXEC, 0);
  checkErrno(number < 0, "open a socket");
  using socket = new Fd(number);
  const name = socketAddress(address, interfaceIndex(ifname));
  // A refusal, such as no route, shows by itself: nobody will have answered.
  libc().sendto(socket.number, new Uint8Array(0), 0n, 0, name, name.length);
}

/** struct sockaddr_in or sockaddr_in6. */
function socketAddress(address: Address, ifindex: number): Uint8Array<ArrayBuffer> {
  const v4 = address.family === 4;
  const name = new Uint8Array(v4 ? 16 : 28);
  const view = new DataView(name.buffer);
  view.setUint16(0, v4 ? AF_INET : AF_INET6, true);
  view.setUint16(2, DISCARD_PORT);
  name.set(v4 ? address.bytes.subarray(0, 4) : address.bytes, v4 ? 4 : 8);
  // Link-local next hops mean nothing without their interface.
  if (!v4) view.setUint32(24, ifindex, true);
  return name;
}

async function ip<T>(args: readonly string[]): Promise<readonly T[]> {
  const command = new Deno.Command("ip", { args: ["-j", ...args] });
  const { success, stdout, stderr } = await command.output().catch((cause) => {
    throw new DataplaneError({
      action: "run",
      object: "ip",
      errno: null,
      hint: 'install it with "apt-get install iproute2"',
    }, { cause });
  });
  if (!success) {
    const reason = new TextDecoder().decode(stderr).trim();
    const action = `ask "ip ${args.join(" ")}"`;
    throw new DataplaneError({ action, object: null, errno: null, reason, hint: null });
  }
  // Without entries ip prints nothing at all, or "[]".
  return JSON.parse(new TextDecoder().decode(stdout).trim() || "[]");
}
