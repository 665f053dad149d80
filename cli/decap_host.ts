import { attachDecap, detachDecap, readDecapCounters } from "../ffi/decap.ts";
import type { DecapRequest } from "./host.ts";

/**
 * Loads the decapsulation program and attaches it.
 *
 * @returns the mode it runs in
 * @throws {DataplaneError} if the kernel refuses
 */
export async function attach(request: DecapRequest): Promise<string> {
  const { DECAP } = await import("./bpf_objects.ts");
  const on = (value: boolean) => value ? 1 : 0;
  return attachDecap({
    object: DECAP,
    ifname: request.ifname,
    mode: request.mode,
    settings: {
      server_id: 0,
      gue_port: request.guePort,
      ipip: on(request.ipip),
      gue: on(request.gue),
      any_destination: on(request.anyDestination),
      per_vip: 0,
      compat_katran: 0,
    },
  });
}

/** Takes the program off the interface. */
export function detach(ifname: string): void {
  detachDecap(ifname);
}

/** Counters by the names of `struct decap_counters`. */
export function stats(ifname: string): ReadonlyMap<string, bigint> {
  return readDecapCounters(ifname);
}
