import { addressFromBytes } from "../core/addr/address_from_bytes.ts";
import { formatMac } from "../core/addr/format_mac.ts";
import { parseMac } from "../core/addr/parse_mac.ts";
import type { Address } from "../core/addr/types.ts";
import { RealFlag } from "../ffi/abi.gen.ts";
import { discoverGateway } from "../ffi/gateway.ts";
import { interfaceIndex, interfaceMac } from "../ffi/interfaces.ts";
import { localAddresses } from "../ffi/local_addresses.ts";
import {
  attachProbe,
  detachProbe,
  listProbeReals,
  readProbeCounters,
  setProbeReal,
} from "../ffi/probe.ts";
import type { ProbeAttachment, ProbeMark, ProbeRequest } from "./host.ts";

/** Attaches the health-check program with next hop and addresses of the interface. */
export async function attach(request: ProbeRequest): Promise<ProbeAttachment> {
  const { ifname, guePort, ttl, maxPacket } = request;
  const { PROBE } = await import("./bpf_objects.ts");
  const ifindex = interfaceIndex(ifname);
  const given = request.gatewayMac === "auto" ? null : parseMac(request.gatewayMac);
  const gateway = given ?? (await discoverGateway(ifname, null)).mac;
  const addresses = localAddresses(ifname);
  const tunnel = (device?: string) => device === undefined ? 0 : interfaceIndex(device);
  const first = (wanted: 4 | 6) => addresses.find(({ family }) => family === wanted) ?? null;
  const [v4, v6] = [first(4), first(6)];
  attachProbe({
    ifname,
    object: PROBE,
    settings: { max_packet: maxPacket, gue_port: guePort, ttl },
    host: {
      ifindex,
      tunnel_v4: tunnel(request.tunnelV4),
      tunnel_v6: tunnel(request.tunnelV6),
      source_v4: v4?.bytes.slice(0, 4) ?? new Uint8Array(4),
      source_v6: v6?.bytes ?? new Uint8Array(16),
      local_mac: interfaceMac(ifname),
      gateway_mac: gateway,
    },
  });
  return { ifname, gatewayMac: formatMac(gateway), sourceV4: v4, sourceV6: v6 };
}

/** Takes the program off; marks and pins go with it. */
export function detach(ifname: string): void {
  detachProbe(ifname);
}

/** Counters by the names of `struct probe_counters`. */
export function stats(ifname: string): ReadonlyMap<string, bigint> {
  return readProbeCounters(ifname);
}

/** Says where packets of a mark go; real null: nowhere. */
export function setMark(ifname: string, mark: number, real: Address | null, gue: boolean): void {
  const flags = (gue ? RealFlag.REAL_GUE : 0) | (real?.family === 6 ? RealFlag.REAL_IPV6 : 0);
  setProbeReal(ifname, mark, real === null ? null : { addr: real.bytes, flags });
}

/** All marks, ascending. */
export function marks(ifname: string): readonly ProbeMark[] {
  return listProbeReals(ifname).map(([mark, { addr, flags }]) => ({
    mark,
    real: addressFromBytes((flags & RealFlag.REAL_IPV6) !== 0 ? 6 : 4, addr),
    encap: (flags & RealFlag.REAL_GUE) !== 0 ? "gue" : "ipip",
  }));
}
