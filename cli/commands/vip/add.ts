import { addVip } from "../../../core/plan/edit.ts";
import type { Affinity, Encap, Protocol, RingHash, VipFlag } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";

/** Flags of `weir vip add`. */
export interface AddVipFlags extends CommonFlags {
  readonly name?: string;
  readonly affinity?: Affinity;
  readonly encap?: Encap;
  readonly ring?: RingHash;
  readonly flag?: readonly VipFlag[];
}

/** `weir vip add <protocol> <endpoint>`: a VIP without reals. */
export function addVipCommand(
  host: Host,
  flags: AddVipFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
): Promise<ExitCode> {
  const key = vipKey(protocol, endpoint);
  const edit = addVip({
    ...key,
    name: flags.name ?? "",
    flags: [...new Set(flags.flag)].sort(),
    affinity: flags.affinity ?? "default",
    encap: flags.encap ?? "ipip",
    ringHash: flags.ring ?? "maglev-v2",
  });
  return editBalancer(host, flags, `vip add ${vipKeyText(key)}`, edit);
}
