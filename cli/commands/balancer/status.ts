import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { firstReal } from "../../next_hop.ts";
import { notAttached, openBalancer, requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";
import { type StatusData, statusData, statusLines, statusTable } from "../../views/status.ts";

/** Flags of `weir status`. */
export interface StatusFlags {
  /** Left out: all of this host. */
  readonly balancer?: string;
  readonly json: boolean;
}

/**
 * `weir status`: one balancer in full, several in a table. Exit code 4 if one of them is attached but
 * not in order.
 */
export async function statusCommand(host: Host, flags: StatusFlags): Promise<ExitCode> {
  requireRoot(host);
  const names = flags.balancer === undefined ? await host.balancers() : [flags.balancer];
  const all: StatusData[] = [];
  for (const name of names) all.push(await statusOf(host, name));
  const [first] = all;
  if (first === undefined) throw notAttached("main");
  if (all.length === 1) {
    show(host, flags, "status", first, (options) => statusLines(first, options));
  } else {
    const data = { balancers: all };
    show(host, flags, "status-list", data, (options) => statusTable(all, options));
  }
  return all.every(({ problems }) => problems.length === 0) ? Exit.ok : Exit.degraded;
}

async function statusOf(host: Host, balancer: string): Promise<StatusData> {
  using dataplane = await openBalancer(host, balancer);
  const attachment = await host.describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  const state = dataplane.readState();
  return statusData(attachment, state, await host.inspectLink(balancer, firstReal(state)));
}
