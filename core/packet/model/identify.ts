import { IpProtocol } from "../protocol.ts";
import type { Decision } from "./decision.ts";
import type { Flow, Packet } from "./packet.ts";
import { routeQuic } from "./quic.ts";
import type { Run } from "./run.ts";
import { routeStable } from "./stable.ts";
import type { ModelVip } from "./tables.ts";
import { routeTcpServerId } from "./tcp_server_id.ts";

/** How a packet named its real. */
export interface Identified {
  readonly by: "quic" | "udp-stable" | "tcp-server-id";
  readonly real: number;
}

/** Section 4, step 2: the real that the packet itself names, if the VIP listens to it. */
export function identify(
  run: Run,
  packet: Packet,
  flow: Flow,
  vip: ModelVip,
): Identified | null | Decision {
  const routes = [
    { by: "quic", protocol: IpProtocol.udp, route: routeQuic },
    { by: "udp-stable", protocol: IpProtocol.udp, route: routeStable },
    { by: "tcp-server-id", protocol: IpProtocol.tcp, route: routeTcpServerId },
  ] as const;
  for (const { by, protocol, route } of routes) {
    if (flow.protocol !== protocol || !run.tables.hasFlag(vip, by)) continue;
    const routed = route(run, packet, flow, vip);
    if (typeof routed === "number") return { by, real: routed };
    if (routed !== null) return routed;
  }
  return null;
}
