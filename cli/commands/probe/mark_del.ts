import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";

/** `weir probe mark del <ifname> <mark>` */
export async function deleteMarkCommand(
  host: Host,
  flags: { readonly json: boolean },
  ifname: string,
  mark: number,
): Promise<ExitCode> {
  requireRoot(host);
  const marks = await host.probe.marks(ifname);
  if (!marks.some((known) => known.mark === mark)) {
    const hint = `see: weir probe mark list ${ifname}`;
    throw new CliError(`Cannot delete mark "${mark}": there is none`, hint);
  }
  await host.probe.setMark(ifname, mark, null, false);
  show(host, flags, "probe-mark-deleted", { ifname, mark }, () => [
    `Packets with mark ${mark} leave as they are`,
  ]);
  return Exit.ok;
}
