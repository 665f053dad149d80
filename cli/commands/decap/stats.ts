import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";
import { table } from "../../term/table.ts";
import { grouped } from "../../views/numbers.ts";

/** `weir decap stats <ifname>`: all counters, zero ones too, for there are few. */
export async function decapStatsCommand(
  host: Host,
  flags: { readonly json: boolean },
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  const { counters, vips } = await host.decap.stats(ifname);
  show(host, flags, "decap-stats", { ifname, counters, vips }, (options) => {
    const number = (title: string) => ({ title, align: "right" }) as const;
    const rows = [...counters].map(([name, count]) => [name, grouped(count)]);
    const byVip = vips.map(({ vip, packets, bytes }) => [vip, grouped(packets), grouped(bytes)]);
    return [
      ...table([{ title: "COUNTER" }, number("COUNT")], rows, options),
      ...byVip.length === 0
        ? []
        : ["", ...table([{ title: "VIP" }, number("PACKETS"), number("BYTES")], byVip, options)],
    ];
  });
  return Exit.ok;
}
