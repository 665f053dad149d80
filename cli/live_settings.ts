import type { Config } from "../core/config/types.ts";
import type { Attachment, Host } from "./host.ts";
import { firstReal } from "./next_hop.ts";
import { openBalancer } from "./open_balancer.ts";
import { type WantedSettings, wantedSettings } from "./wanted_settings.ts";

/**
 * What a file wants changed of a running balancer beside VIPs and reals, with a look at the interface
 * if the file leaves the next hop to it.
 *
 * @param host where the balancer is
 * @param attachment the balancer as it is
 * @param config the file
 */
export async function liveSettings(
  host: Host,
  attachment: Attachment,
  config: Config,
): Promise<WantedSettings> {
  if (config.balancer.gatewayMac !== "auto") return wantedSettings(attachment, config, null);
  const { balancer } = attachment;
  using dataplane = await openBalancer(host, balancer);
  const link = await host.inspectLink(balancer, firstReal(dataplane.readState()));
  return wantedSettings(attachment, config, link);
}
