import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";

/** `weir probe detach <ifname>` */
export async function detachProbeCommand(
  host: Host,
  flags: { readonly json: boolean },
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  await host.probe.detach(ifname);
  show(host, flags, "probe-detached", { ifname }, () => [
    `Marked packets leave by ${ifname} as they are`,
  ]);
  return Exit.ok;
}
