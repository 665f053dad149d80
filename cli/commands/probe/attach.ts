import type { Address } from "../../../core/addr/types.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host, ProbeRequest } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";

/** `weir probe attach <ifname>` */
export async function attachProbeCommand(
  host: Host,
  flags: Omit<ProbeRequest, "ifname"> & { readonly json: boolean; readonly verbose: boolean },
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  const { json: _json, verbose: _verbose, ...request } = flags;
  const data = await host.probe.attach({ ...request, ifname });
  const text = (source: Address | null) => source?.text ?? "none";
  show(host, flags, "probe-attachment", data, () => [
    `Marked packets that leave by ${ifname} go to reals, next hop ${data.gatewayMac}`,
    `Outer sources: IPv4 ${text(data.sourceV4)}, IPv6 ${text(data.sourceV6)}`,
  ]);
  return Exit.ok;
}
