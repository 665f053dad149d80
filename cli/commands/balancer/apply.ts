import { planDesired } from "../../../core/plan/plan_desired.ts";
import { changeBalancer } from "../../change.ts";
import { emptyRefusal } from "../../empty_refusal.ts";
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
    const refusal = flags.allowEmpty ? null : emptyRefusal(flags.file, state, desired);
    if (refusal !== null) throw refusal;
    return planDesired(state, rings, desired, { ...options, isHard: () => flags.now });
  };
  const review = flags.yes ? "measure" : "ask";
  return changeBalancer(host, flags, {
    ...{ command, planner, review },
    repairFirst: false,
    settings: (attachment) => liveSettings(host, attachment, config),
  });
}
