import type { Protocol } from "../../../core/state/types.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { findVipOrFail } from "../../find_vip.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";
import { show } from "../../show.ts";
import { realListData, realListLines } from "../../views/real_list.ts";

/** `weir real list [<protocol> <endpoint>]` */
export async function listRealsCommand(
  host: Host,
  flags: CommonFlags,
  protocol?: Protocol,
  endpoint?: VipEndpoint,
): Promise<ExitCode> {
  if (protocol !== undefined && endpoint === undefined) {
    throw new CliError("Missing the endpoint of the VIP", "as in 198.51.100.10:80", Exit.usage);
  }
  using dataplane = await openBalancer(host, flags.balancer);
  const state = dataplane.readState();
  const only = protocol === undefined || endpoint === undefined
    ? null
    : findVipOrFail(state, vipKey(protocol, endpoint));
  const data = realListData(state, only);
  show(host, flags, "real-list", data, (options) => realListLines(data, options));
  return Exit.ok;
}
