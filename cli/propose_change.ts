import type { Dataplane } from "../core/dataplane.ts";
import type { Sample } from "../core/metrics/types.ts";
import { emptiedBy } from "../core/plan/emptied_by.ts";
import { type Impact, planImpact } from "../core/plan/impact.ts";
import { planOptions } from "../core/plan/plan_options.ts";
import type { Plan, PlanOptions } from "../core/plan/types.ts";
import type { Ring, State } from "../core/state/types.ts";
import type { Attachment, Host } from "./host.ts";
import { planLimits, type WantedSettings } from "./wanted_settings.ts";

/** Makes a plan from what the kernel holds. */
export type Planner = (
  state: State,
  rings: (vip: number) => Ring | null,
  options: PlanOptions,
) => Plan;

/** What a command would do. */
export interface Proposal {
  readonly plan: Plan;
  readonly wanted: WantedSettings;
  /** null: not asked for. */
  readonly impact: Impact | null;
  /** Running VIPs that lose their last real that takes new flows. */
  readonly emptied: readonly string[];
}

/** What a proposal is made from. */
export interface ProposalRequest {
  readonly attachment: Attachment;
  readonly wanted: WantedSettings;
  readonly planner: Planner;
  /** For how long to measure traffic if the plan touches any, ms; null: not at all. */
  readonly measure: number | null;
}

/**
 * Plans, and measures the traffic that the plan touches.
 *
 * @param host its clock
 * @param dataplane the balancer
 * @param request planner, settings, and for how long to measure
 */
export async function proposeChange(
  host: Host,
  dataplane: Dataplane,
  { attachment, wanted, planner, measure }: ProposalRequest,
): Promise<Proposal> {
  const before = measure === null ? null : dataplane.readSample();
  const options = {
    ...planOptions(dataplane, attachment.settings),
    ...planLimits(attachment, wanted),
  };
  const state = dataplane.readState();
  const rings = (vip: number) => dataplane.readRing(vip);
  const plan = planner(state, rings, options);
  const emptied = emptiedBy(state, plan.writes);
  if (measure === null || before === null) return { plan, wanted, impact: null, emptied };
  const impactUntil = (after: Sample) =>
    planImpact(plan, { state, rings, options, samples: [before, after] });
  const impact = impactUntil(before);
  // A plan that touches no traffic waits for nothing.
  if (impact.vips.length === 0) return { plan, wanted, impact, emptied };
  await host.clock.sleep(measure, new AbortController().signal);
  return { plan, wanted, impact: impactUntil(dataplane.readSample()), emptied };
}
