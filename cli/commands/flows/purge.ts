import type { Address } from "../../../core/addr/types.ts";
import type { Protocol } from "../../../core/state/types.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { flowFilter } from "../../flow_filter.ts";
import type { Host } from "../../host.ts";
import { lockBalancer } from "../../lock_balancer.ts";
import { openBalancer, requireRoot } from "../../open_balancer.ts";
import type { CommonFlags, VipEndpoint } from "../../parameters.ts";
import { show } from "../../show.ts";
import { grouped } from "../../views/numbers.ts";

/** Flags of `weir flows purge`. */
export interface PurgeFlowsFlags extends CommonFlags {
  readonly real?: Address;
  readonly all: boolean;
}

/** `weir flows purge [<protocol> <endpoint>]`: their next packets go where a new flow's would. */
export async function purgeFlowsCommand(
  host: Host,
  flags: PurgeFlowsFlags,
  protocol?: Protocol,
  endpoint?: VipEndpoint,
): Promise<ExitCode> {
  requireRoot(host);
  if (protocol === undefined && flags.real === undefined && !flags.all) {
    const hint = "give a VIP, --real or --all";
    throw new CliError("Missing which flows to forget", hint, Exit.usage);
  }
  using _lock = await lockBalancer(host, flags.balancer, "flows purge");
  using dataplane = await openBalancer(host, flags.balancer);
  const isWanted = flowFilter(dataplane.readState(), { protocol, endpoint, real: flags.real });
  const purged = dataplane.purgeFlows(isWanted);
  const data = { balancer: flags.balancer, purged };
  show(host, flags, "flow-purge", data, () => [
    purged === 1 ? "1 flow forgotten" : `${grouped(purged)} flows forgotten`,
  ]);
  return Exit.ok;
}
