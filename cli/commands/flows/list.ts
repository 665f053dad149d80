import type { Address } from "../../../core/addr/types.ts";
import type { Protocol } from "../../../core/state/types.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { flowFilter } from "../../flow_filter.ts";
import type { Host } from "../../host.ts";
import { jsonDocument } from "../../json.ts";
import { openBalancer } from "../../open_balancer.ts";
import type { CommonFlags, VipEndpoint } from "../../parameters.ts";
import { show } from "../../show.ts";
import { flowListLines, type FlowRow, flowRow } from "../../views/flows.ts";

/** Flags of `weir flows list`. */
export interface ListFlowsFlags extends CommonFlags {
  readonly real?: Address;
  readonly limit: number;
  readonly jsonl: boolean;
}

/** `weir flows list [<protocol> <endpoint>]`: all or some entries of the flow table, in no order. */
export async function listFlowsCommand(
  host: Host,
  flags: ListFlowsFlags,
  protocol?: Protocol,
  endpoint?: VipEndpoint,
): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const state = dataplane.readState();
  const isWanted = flowFilter(state, { protocol, endpoint, real: flags.real });
  const now = dataplane.now();
  const flows: FlowRow[] = [];
  let total = 0;
  for (const flow of dataplane.flows()) {
    if (!isWanted(flow)) continue;
    if (total++ < flags.limit) flows.push(flowRow(state, flow, now));
  }
  if (flags.jsonl) {
    for (const row of flows) host.stdout.write(jsonDocument("flow", { ...row }, 0));
    return Exit.ok;
  }
  const data = { balancer: flags.balancer, flows, total };
  show(host, flags, "flow-list", data, (options) => flowListLines(data, options));
  return Exit.ok;
}
