import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { notAttached, openBalancer } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";
import { destinationLines, destinationListData } from "../../views/entry_lists.ts";

/** `weir decap destination list` */
export async function listDestinationsCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const attachment = await host.describe(flags.balancer);
  if (attachment === null) throw notAttached(flags.balancer);
  const { decapIpip, decapGue } = attachment.settings;
  const data = destinationListData(dataplane.readState(), [
    ...(decapIpip ? ["ipip" as const] : []),
    ...(decapGue ? ["gue" as const] : []),
  ]);
  show(host, flags, "destination-list", data, (options) => destinationLines(data, options));
  return Exit.ok;
}
