import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { notAttached, openBalancer } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";
import { statusData, statusLines } from "../../views/status.ts";

/** `weir status`: exit code 4 if the balancer is attached but not in order. */
export async function statusCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const attachment = await host.describe(flags.balancer);
  if (attachment === null) throw notAttached(flags.balancer);
  const data = statusData(attachment, dataplane.readState());
  show(host, flags, "status", data, (options) => statusLines(data, options));
  return data.problems.length === 0 ? Exit.ok : Exit.degraded;
}
