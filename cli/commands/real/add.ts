import type { Address } from "../../../core/addr/types.ts";
import { addReal } from "../../../core/plan/edit.ts";
import type { Protocol } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { type VipEndpoint, vipKey } from "../../parameters.ts";
import { memberPatch, type RealFlags } from "./member_patch.ts";

/** `weir real add <protocol> <endpoint> <address>` */
export function addRealCommand(
  host: Host,
  flags: RealFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
  address: Address,
): Promise<ExitCode> {
  const key = vipKey(protocol, endpoint);
  const edit = addReal(key, address, memberPatch(flags) ?? {});
  return editBalancer(host, flags, `real add ${vipKeyText(key)} ${address.text}`, edit);
}
