import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";
import { table } from "../../term/table.ts";

/** `weir probe mark list <ifname>` */
export async function listMarksCommand(
  host: Host,
  flags: { readonly json: boolean },
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  const marks = await host.probe.marks(ifname);
  show(host, flags, "probe-mark-list", { ifname, marks }, (options) => {
    if (marks.length === 0) {
      return [`No marks; add one with: weir probe mark add ${ifname} <mark> <address>`];
    }
    const columns = [
      { title: "MARK", align: "right" },
      { title: "REAL" },
      { title: "ENCAP" },
    ] as const;
    const rows = marks.map(({ mark, real, encap }) => [String(mark), real.text, encap]);
    return table(columns, rows, options);
  });
  return Exit.ok;
}
