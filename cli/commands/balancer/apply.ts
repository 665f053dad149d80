import { planDesired } from "../../../core/plan/plan_desired.ts";
import { emptiedVips } from "../../../core/plan/emptied_vips.ts";
import type { Desired, State } from "../../../core/state/types.ts";
import { changeBalancer } from "../../change.ts";
import { CliError } from "../../errors.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import type { Planner } from "../../propose_change.ts";
import { readConfig } from "../../read_config.ts";
import { liveSettings } from "../../live_settings.ts";

/** Flags of `weir apply`. */
export interface ApplyFlags extends CommonFlags {
  readonly file: string;
  readonly now: boolean;
  readonly allowEmpty: boolean;
  readonly yes: boolean;
}

/** `weir apply -f FILE`: what the file says becomes the whole content of the balancer. */
export async function applyCommand(host: Host, flags: ApplyFlags): Promise<ExitCode> {
  requireRoot(host);
  const config = await readConfig(host, flags.file);
  const { desired } = config;
  const command = `apply -f ${flags.file}`;
  const planner: Planner = (state, rings, options) => {
    if (!flags.allowEmpty) refuseEmpty(flags.file, state, desired);
    return planDesired(state, rings, desired, { ...options, isHard: () => flags.now });
  };
  const review = flags.yes ? "measure" : "ask";
  return changeBalancer(host, flags, {
    ...{ command, planner, review },
    repairFirst: false,
    settings: (attachment) => liveSettings(host, attachment, config),
  });
}

function refuseEmpty(file: string, state: State, desired: Desired): void {
  const hint = "if that is meant, add --allow-empty";
  if (desired.vips.length === 0 && state.vips.size > 0) {
    throw new CliError(`Cannot apply "${file}": it would delete all ${state.vips.size} VIPs`, hint);
  }
  const emptied = emptiedVips(state, desired);
  if (emptied.length === 0) return;
  const names = emptied.map((vip) => `"${vip}"`).join(", ");
  const what = emptied.length === 1 ? `VIP ${names}` : `VIPs ${names}`;
  throw new CliError(`Cannot apply "${file}": it leaves ${what} without a usable real`, hint);
}
