import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";

/** `weir decap detach <ifname>` */
export async function detachDecapCommand(
  host: Host,
  flags: { readonly json: boolean },
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  await host.decap.detach(ifname);
  show(host, flags, "decap-detached", { ifname }, () => [`Nothing is stripped on ${ifname}`]);
  return Exit.ok;
}
