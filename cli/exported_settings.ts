import type { AttachMode, BalancerConfig } from "../core/config/types.ts";
import type { State } from "../core/state/types.ts";
import type { Attachment } from "./host.ts";

const MODES: readonly AttachMode[] = ["native", "generic", "offload"];

/**
 * What a balancer would have to be attached with to be as it is.
 *
 * @param attachment how it is attached
 * @param state its sizes
 */
export function exportedSettings(
  { mode, settings, features, gatewayAuto }: Attachment,
  { capacity }: State,
): BalancerConfig {
  const known = MODES.find((word) => word === mode);
  return {
    ...(known === undefined ? {} : { mode: known }),
    ...capacity,
    ...settings,
    ...(gatewayAuto ? { gatewayMac: "auto" } : {}),
    features,
  };
}
