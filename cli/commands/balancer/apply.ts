import { planDesired } from "../../../core/plan/plan_desired.ts";
import { changeBalancer, type Planner } from "../../change.ts";
import { CliError } from "../../errors.ts";
import type { ExitCode } from "../../exit.ts";
import type { Attachment, Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { readConfig } from "../../read_config.ts";
import { wantedSettings } from "../../wanted_settings.ts";

/** Flags of `weir apply`. */
export interface ApplyFlags extends CommonFlags {
  readonly file: string;
  readonly now: boolean;
  readonly allowEmpty: boolean;
}

/** `weir apply -f FILE`: what the file says becomes the whole content of the balancer. */
export async function applyCommand(host: Host, flags: ApplyFlags): Promise<ExitCode> {
  requireRoot(host);
  const config = await readConfig(host, flags.file);
  const { desired } = config;
  const command = `apply -f ${flags.file}`;
  const wanted = (attachment: Attachment) => wantedSettings(attachment, config);
  const planner: Planner = (state, rings, options) => {
    if (desired.vips.length === 0 && state.vips.size > 0 && !flags.allowEmpty) {
      throw new CliError(
        `Cannot apply "${flags.file}": it would delete all ${state.vips.size} VIPs`,
        "if that is meant, add --allow-empty",
      );
    }
    return planDesired(state, rings, desired, { ...options, isHard: () => flags.now });
  };
  return changeBalancer(host, flags, command, false, planner, wanted);
}
