import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { DecapRequest, Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";

/** `weir decap attach <ifname>` */
export async function attachDecapCommand(
  host: Host,
  flags: Omit<DecapRequest, "ifname"> & { readonly json: boolean; readonly verbose: boolean },
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  const { json: _json, verbose: _verbose, ...request } = flags;
  if (!request.ipip && !request.gue) {
    throw new CliError("Nothing to strip with --no-ipip and --no-gue", null, Exit.usage);
  }
  const mode = await host.decap.attach({ ...request, ifname });
  const what = [...(request.ipip ? ["IPIP"] : []), ...(request.gue ? ["GUE"] : [])].join(" and ");
  show(host, flags, "decap-attachment", { ifname, mode }, () => [
    `Stripping ${what} on ${ifname}, mode ${mode}`,
  ]);
  return Exit.ok;
}
