import { formatConfig } from "../../../core/config/format_config.ts";
import { desiredOf } from "../../../core/state/desired_of.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { exportedSettings } from "../../exported_settings.ts";
import type { Host } from "../../host.ts";
import { notAttached, openBalancer } from "../../open_balancer.ts";

/** `weir export`: applying what it writes changes nothing. */
export async function exportCommand(
  host: Host,
  { balancer }: { readonly balancer: string },
): Promise<ExitCode> {
  using dataplane = await openBalancer(host, balancer);
  const attachment = await host.describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  const state = dataplane.readState();
  const settings = exportedSettings(attachment, state);
  host.stdout.write(formatConfig({ balancer: settings, desired: desiredOf(state) }));
  return Exit.ok;
}
