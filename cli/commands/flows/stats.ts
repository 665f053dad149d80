import { flowStats } from "../../../core/metrics/flow_stats.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";
import { flowAge, flowStatsLines } from "../../views/flows.ts";

/** `weir flows stats` */
export async function flowStatsCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const now = dataplane.now();
  const ageOf = (flow: Parameters<typeof flowAge>[0]) => flowAge(flow, now);
  const stats = flowStats(dataplane.readState(), dataplane.flows(), ageOf);
  const data = { balancer: flags.balancer, ...stats };
  show(host, flags, "flow-stats", data, (options) => flowStatsLines(data, options));
  return Exit.ok;
}
