import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";
import { routeLines, serverListData } from "../../views/entry_lists.ts";

/** `weir server list` */
export async function listServersCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const data = serverListData(dataplane.readState());
  const empty = "No server ids; add one with: weir server add <id> <address>";
  show(host, flags, "server-list", data, (options) => routeLines(data, "ID", empty, options));
  return Exit.ok;
}
