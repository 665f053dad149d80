/** Section 3 of docs/dataplane.md: which VIP a flow is for. */
import type { Flow, Packet } from "./packet.ts";
import type { Run } from "./run.ts";
import type { ModelVip } from "./tables.ts";

/** A VIP found, and the destination port its ring is asked with. */
export interface VipMatch {
  readonly vip: ModelVip;
  readonly hashDestinationPort: number;
}

/** The flow's VIP, or null: the packet is not for us. */
export function findVip(run: Run, packet: Packet, flow: Flow): VipMatch | null {
  const { tables, settings } = run;
  const { destination, destinationPort, protocol } = flow;
  const { family } = packet;

  const exact = tables.exactVip(family, destination, destinationPort, protocol);
  if (exact !== null) return { vip: exact, hashDestinationPort: destinationPort };

  const cidr = tables.cidrVip(family, destination, destinationPort, protocol);
  if (cidr !== null) {
    // katran zeroes the port here too, although the VIP names it.
    const keep = !settings.compatKatran || keepsPort(run, cidr);
    return { vip: cidr, hashDestinationPort: keep ? destinationPort : 0 };
  }
  const anyPort = tables.exactVip(family, destination, 0, protocol) ??
    tables.cidrVip(family, destination, 0, protocol);
  if (anyPort === null) return null;
  return { vip: anyPort, hashDestinationPort: keepsPort(run, anyPort) ? destinationPort : 0 };
}

function keepsPort(run: Run, vip: ModelVip): boolean {
  return run.tables.hasFlag(vip, "dport-hash") || run.tables.hasFlag(vip, "hash-src-dst-port");
}
