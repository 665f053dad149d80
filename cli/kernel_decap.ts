import { attachDecap, detachDecap, readDecapCounters, readDecapVips } from "../ffi/decap.ts";
import { localAddresses } from "../ffi/local_addresses.ts";
import type { DecapRequest, DecapStats } from "./host.ts";

/**
 * Attaches the decapsulation program for the addresses that this host has now.
 *
 * @returns the mode it is attached in
 */
export async function attach(request: DecapRequest): Promise<string> {
  const { DECAP } = await import("./bpf_objects.ts");
  const { mode } = attachDecap({
    ifname: request.ifname,
    mode: request.mode,
    object: DECAP,
    settings: {
      ipip: request.ipip ? 1 : 0,
      gue: request.gue ? 1 : 0,
      gue_port: request.guePort,
      any_destination: request.anyDestination ? 1 : 0,
      server_id: request.serverId,
      per_vip: request.perVip ? 1 : 0,
      compat_katran: 0,
    },
    addresses: localAddresses(),
  });
  return mode;
}

/** Takes the program off; pins go with it. */
export function detach(ifname: string): void {
  detachDecap(ifname);
}

/** Counters, and what came out of tunnels by VIP. */
export function stats(ifname: string): DecapStats {
  return { counters: readDecapCounters(ifname), vips: readDecapVips(ifname) };
}
