import { planDesired } from "../../../core/plan/plan_desired.ts";
import { emptyRefusal } from "../../empty_refusal.ts";
import { explainError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { notAttached, openBalancer, requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { proposeChange } from "../../propose_change.ts";
import { readConfig } from "../../read_config.ts";
import { show } from "../../show.ts";
import { planData, planLines } from "../../views/plan.ts";
import { liveSettings } from "../../live_settings.ts";

/** For how long live traffic is measured, ms. */
const MEASURE = 500;

/** `weir plan -f FILE`: writes nothing and takes no lock. */
export async function planCommand(
  host: Host,
  flags: CommonFlags & { readonly file: string; readonly now: boolean },
): Promise<ExitCode> {
  requireRoot(host);
  const config = await readConfig(host, flags.file);
  using dataplane = await openBalancer(host, flags.balancer);
  const attachment = await host.describe(flags.balancer);
  if (attachment === null) throw notAttached(flags.balancer);
  const wanted = await liveSettings(host, attachment, config);
  for (const note of wanted.notes) host.stderr.write(`weir: ${note}\n`);
  const proposal = await proposeChange(host, dataplane, {
    ...{ attachment, wanted, measure: MEASURE },
    planner: (state, rings, options) =>
      planDesired(state, rings, config.desired, { ...options, isHard: () => flags.now }),
  });
  const data = planData(flags.balancer, proposal);
  const refusal = emptyRefusal(flags.file, dataplane.readState(), config.desired);
  if (refusal !== null) host.stderr.write(`${explainError(refusal).text}\n`);
  show(host, flags, "plan", data, (view) => planLines(data, "plan", view));
  return data.changes.length === 0 ? Exit.ok : Exit.changes;
}
