import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";
import { statsData, statsLines } from "../../views/stats.ts";

/** `weir stats`: counters since attach, or since an index was last given out. */
export async function statsCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const data = statsData(dataplane.readState(), dataplane.readSample());
  show(host, flags, "stats", data, (options) => statsLines(data, options));
  return Exit.ok;
}
