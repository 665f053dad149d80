import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";
import { table } from "../../term/table.ts";
import { grouped } from "../../views/numbers.ts";

/** `weir probe stats <ifname>`: all counters, zero ones too, for there are few. */
export async function probeStatsCommand(
  host: Host,
  flags: { readonly json: boolean },
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  const counters = await host.probe.stats(ifname);
  show(host, flags, "probe-stats", { ifname, counters }, (options) => {
    const rows = [...counters].map(([name, count]) => [name, grouped(count)]);
    return table([{ title: "COUNTER" }, { title: "COUNT", align: "right" }], rows, options);
  });
  return Exit.ok;
}
