import type { Address } from "../../../core/addr/types.ts";
import { setReal } from "../../../core/plan/edit.ts";
import type { Protocol } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { editBalancer } from "../../change.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { type VipEndpoint, vipKey } from "../../parameters.ts";
import { memberPatch, type RealFlags } from "./member_patch.ts";
import type { Ramp } from "./parse_ramp.ts";
import { rampReal } from "./ramp.ts";

/** Flags of `weir real set`. */
export interface SetRealFlags extends RealFlags {
  readonly ramp?: Ramp;
}

/** `weir real set <protocol> <endpoint> <address>`: what is given changes, the rest stays. */
export function setRealCommand(
  host: Host,
  flags: SetRealFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
  address: Address,
): Promise<ExitCode> {
  const key = vipKey(protocol, endpoint);
  const patch = memberPatch(flags);
  if (flags.ramp !== undefined && flags.weight !== undefined) {
    throw new CliError("A ramp has its own weights", "give --weight or --ramp", Exit.usage);
  }
  if (flags.ramp !== undefined) {
    return rampReal(host, flags, key, address, flags.ramp, patch ?? {});
  }
  if (patch === null) {
    throw new CliError(
      `Nothing to set on real "${address.text}"`,
      "give --weight, --ramp, --name, --encap or --local",
      Exit.usage,
    );
  }
  const command = `real set ${vipKeyText(key)} ${address.text}`;
  return editBalancer(host, flags, command, setReal(key, address, patch));
}
