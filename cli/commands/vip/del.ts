import { deleteVip } from "../../../core/plan/edit.ts";
import type { Protocol } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";

/** `weir vip del <protocol> <endpoint>`: the VIP, its ring and its reals that no other VIP has. */
export function deleteVipCommand(
  host: Host,
  flags: CommonFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
): Promise<ExitCode> {
  const key = vipKey(protocol, endpoint);
  return editBalancer(host, flags, `vip del ${vipKeyText(key)}`, deleteVip(key));
}
