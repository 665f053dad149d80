import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";
import { routeLines, sourceListData } from "../../views/entry_lists.ts";

/** `weir source list` */
export async function listSourcesCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const data = sourceListData(dataplane.readState());
  const empty = "No sources; add one with: weir source add <prefix> <address>";
  show(host, flags, "source-list", data, (options) => routeLines(data, "SOURCE", empty, options));
  return Exit.ok;
}
