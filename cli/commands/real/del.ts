import type { Address } from "../../../core/addr/types.ts";
import { deleteReal } from "../../../core/plan/edit.ts";
import type { Protocol } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";

/** Flags of `weir real del`. */
export interface DeleteRealFlags extends CommonFlags {
  readonly now: boolean;
}

/** `weir real del <protocol> <endpoint> <address>` */
export function deleteRealCommand(
  host: Host,
  flags: DeleteRealFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
  address: Address,
): Promise<ExitCode> {
  const key = vipKey(protocol, endpoint);
  const command = `real del ${vipKeyText(key)} ${address.text}`;
  return editBalancer(host, flags, command, deleteReal(key, address), { isHard: () => flags.now });
}
