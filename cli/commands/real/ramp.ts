import type { Address } from "../../../core/addr/types.ts";
import { type Edit, type MemberPatch, setReal } from "../../../core/plan/edit.ts";
import { PlanError } from "../../../core/plan/plan_error.ts";
import { rampSteps } from "../../../core/plan/ramp_steps.ts";
import type { VipKey } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { changeBalancer, editRequest } from "../../change.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";
import { progress } from "../../progress.ts";
import { show } from "../../show.ts";
import { rampLine } from "../../views/progress.ts";
import type { Ramp } from "./parse_ramp.ts";

/**
 * `weir real set ... --ramp 0:100:5m`: the weight changes step by step, each step a command of its
 * own. It ends early if another command changes the weight, or the user interrupts it.
 *
 * @param host clock, streams, balancer
 * @param flags which balancer, and how to print
 * @param key the VIP
 * @param address the real
 * @param ramp weights and time
 * @param patch what else is to be set, with the first step
 */
export async function rampReal(
  host: Host,
  flags: CommonFlags,
  key: VipKey,
  address: Address,
  { from, to, seconds }: Ramp,
  patch: MemberPatch,
): Promise<ExitCode> {
  const command = `real set ${vipKeyText(key)} ${address.text} --ramp`;
  const begin = host.clock.now();
  const elapsed = () => (host.clock.now() - begin) / 1000;
  const signal = host.interrupted();
  let reached: number | null = null;
  {
    using line = progress(host, flags.json);
    for (const { at, weight } of rampSteps(from, to, seconds)) {
      await host.clock.sleep(Math.max(0, 1000 * (at - elapsed())), signal);
      if (signal.aborted) break;
      const edit = reached === null
        ? setReal(key, address, { ...patch, weight })
        : step(key, address, reached, weight);
      await changeBalancer(host, flags, { ...editRequest(command, edit), silent: true });
      reached = weight;
      line.show(rampLine(weight, to, elapsed(), seconds), weight === to);
    }
  }
  const data = {
    balancer: flags.balancer,
    vip: vipKeyText(key),
    real: address.text,
    weight: reached,
    finished: reached === to,
  };
  const words = data.finished ? `Weight ${to} is reached` : `Stopped at weight ${reached ?? from}`;
  show(host, flags, "ramp", data, () => [words]);
  return data.finished ? Exit.ok : Exit.partly;
}

/** Sets the next weight, unless somebody set another one since the last step. */
function step(key: VipKey, address: Address, before: number, weight: number): Edit {
  const set = setReal(key, address, { weight });
  return (desired) => {
    const text = vipKeyText(key);
    const member = desired.vips.find((vip) => vipKeyText(vip.config) === text)
      ?.members.find(({ real }) => real.address.text === address.text);
    if (member === undefined || member.weight === before) return set(desired);
    throw new PlanError(
      `Cannot go on with the ramp of real "${address.text}" of VIP "${text}": ` +
        `another command changed its weight from ${before} to ${member.weight}`,
    );
  };
}
