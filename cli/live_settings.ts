import type { Config } from "../core/config/types.ts";
import { keptStates } from "../core/plan/kept_states.ts";
import type { Attachment, Host } from "./host.ts";
import { firstReal } from "./next_hop.ts";
import { openBalancer } from "./open_balancer.ts";
import { type WantedSettings, wantedSettings } from "./wanted_settings.ts";

/**
 * What a file wants changed of a running balancer beside VIPs and reals, with a look at the interface
 * if the file leaves the next hop to it, and a note on what it leaves as it is.
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
  const { balancer } = attachment;
  using dataplane = await openBalancer(host, balancer);
  const state = dataplane.readState();
  const isAuto = config.balancer.gatewayMac === "auto";
  const link = isAuto ? await host.inspectLink(balancer, firstReal(state)) : null;
  const wanted = wantedSettings(attachment, config, link);
  return { ...wanted, notes: [...wanted.notes, ...keptNotes(keptStates(state, config.desired))] };
}

function keptNotes({ down, drained }: ReturnType<typeof keptStates>): readonly string[] {
  const words = [
    ...(down > 0 ? [`${down} down`] : []),
    ...(drained > 0 ? [`${drained} drained`] : []),
  ];
  if (words.length === 0) return [];
  const reals = down + drained === 1 ? "real stays" : "reals stay";
  return [`The file does not say their state: ${words.join(" and ")} ${reals} so`];
}
