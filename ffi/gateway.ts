import type { Address } from "../core/addr/types.ts";
import { checkErrno, DataplaneError } from "./errors.ts";
import { Fd } from "./fd.ts";
import { interfaceIndex } from "./interfaces.ts";
import { libc } from "./libbpf/open.ts";
import { neighbourMac, nextHop } from "./next_hop.ts";

/** The next hop of every packet that is sent. */
export interface Gateway {
  readonly address: Address;
  /** Six bytes. */
  readonly mac: Uint8Array;
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
  const ifindex = interfaceIndex(ifname);
  const address = await nextHop(ifname, towards);
  for (let tries = 0; tries < TRIES; tries++) {
    const mac = await neighbourMac(ifname, address);
    if (mac !== null) return { address, mac };
    if (tries === 0) nudge(ifindex, address);
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

/** Sends an empty datagram, so that the kernel resolves the address. */
function nudge(ifindex: number, address: Address): void {
  const family = address.family === 4 ? AF_INET : AF_INET6;
  const number = libc().socket(family, SOCK_DGRAM_CLOEXEC, 0);
  checkErrno(number < 0, "open a socket");
  using socket = new Fd(number);
  const name = socketAddress(address, ifindex);
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
