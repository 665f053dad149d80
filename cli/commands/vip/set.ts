import { setVip, type VipPatch } from "../../../core/plan/edit.ts";
import type { Affinity, Encap, Protocol, RingHash, VipFlag } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { editBalancer } from "../../change.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";

/** Flags of `weir vip set`. */
export interface SetVipFlags extends CommonFlags {
  readonly name?: string;
  readonly affinity?: Affinity;
  readonly encap?: Encap;
  readonly ring?: RingHash;
  /** All flags of the VIP from now on. */
  readonly flag?: readonly (VipFlag | "none")[];
}

/** `weir vip set <protocol> <endpoint>`: what is given changes, the rest stays. */
export function setVipCommand(
  host: Host,
  flags: SetVipFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
): Promise<ExitCode> {
  const key = vipKey(protocol, endpoint);
  const given = flags.flag ?? [];
  const patch: VipPatch = {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.affinity === undefined ? {} : { affinity: flags.affinity }),
    ...(flags.encap === undefined ? {} : { encap: flags.encap }),
    ...(flags.ring === undefined ? {} : { ringHash: flags.ring }),
    ...(given.length === 0 ? {} : { flags: vipFlags(given) }),
  };
  if (Object.keys(patch).length === 0) {
    throw new CliError(
      `Nothing to set on VIP "${vipKeyText(key)}"`,
      "give --name, --flag, --affinity, --encap or --ring",
      Exit.usage,
    );
  }
  return editBalancer(host, flags, `vip set ${vipKeyText(key)}`, setVip(key, patch));
}

function vipFlags(given: readonly (VipFlag | "none")[]): readonly VipFlag[] {
  const flags = given.filter((flag) => flag !== "none");
  if (flags.length > 0 && flags.length < given.length) {
    throw new CliError("Cannot set flag none together with others", null, Exit.usage);
  }
  return [...new Set(flags)].sort();
}
