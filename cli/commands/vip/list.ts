import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";
import { openBalancer } from "../../open_balancer.ts";
import { show } from "../../show.ts";
import { vipListData, vipListLines } from "../../views/vip_list.ts";

/** `weir vip list` */
export async function listVipsCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const data = vipListData(dataplane.readState());
  show(host, flags, "vip-list", data, (options) => vipListLines(data, options));
  return Exit.ok;
}
