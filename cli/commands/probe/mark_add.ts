import type { Address } from "../../../core/addr/types.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";

/** `weir probe mark add <ifname> <mark> <address>` */
export async function addMarkCommand(
  host: Host,
  flags: { readonly json: boolean; readonly gue: boolean },
  ifname: string,
  mark: number,
  real: Address,
): Promise<ExitCode> {
  requireRoot(host);
  await host.probe.setMark(ifname, mark, real, flags.gue);
  const encap = flags.gue ? "gue" : "ipip";
  show(host, flags, "probe-mark", { ifname, mark, real, encap }, () => [
    `Packets with mark ${mark} go to ${real.text} in ${encap}`,
  ]);
  return Exit.ok;
}
