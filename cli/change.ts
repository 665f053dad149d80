import type { Dataplane } from "../core/dataplane.ts";
import type { Edit } from "../core/plan/edit.ts";
import { breaksFlows, type Impact } from "../core/plan/impact.ts";
import { planEdit } from "../core/plan/plan_edit.ts";
import { planOptions } from "../core/plan/plan_options.ts";
import type { UpkeepScope } from "../core/plan/plan_upkeep.ts";
import type { Plan, PlanOptions } from "../core/plan/types.ts";
import { execute, repair, tidyUp } from "./carry_out.ts";
import { CliError } from "./errors.ts";
import { Exit, type ExitCode } from "./exit.ts";
import type { Attachment, Host } from "./host.ts";
import { lockBalancer } from "./lock_balancer.ts";
import { notAttached, openBalancer, requireRoot } from "./open_balancer.ts";
import type { CommonFlags } from "./parameters.ts";
import { type Planner, type Proposal, proposeChange } from "./propose_change.ts";
import { show } from "./show.ts";
import { planData, planLines } from "./views/plan.ts";
import { NO_SETTINGS, type WantedSettings } from "./wanted_settings.ts";

/** Changes of options that come from flags of the command. */
export type OptionChange = Pick<PlanOptions, "isHard">;

/**
 * Runs a command that changes one thing.
 *
 * @param host where the balancer is
 * @param flags which balancer, and how to print
 * @param command what to tell others that wait for the lock
 * @param edit the change
 * @param change options from flags
 */
export function editBalancer(
  host: Host,
  flags: CommonFlags,
  command: string,
  edit: Edit,
  change: OptionChange = {},
): Promise<ExitCode> {
  return changeBalancer(host, flags, editRequest(command, edit, change));
}

/**
 * A change of one thing.
 *
 * @param command what to tell others that wait for the lock
 * @param edit the change
 * @param change options from flags
 */
export function editRequest(
  command: string,
  edit: Edit,
  change: OptionChange = {},
): ChangeRequest {
  const planner: Planner = (state, rings, options) =>
    planEdit(state, rings, edit, { ...options, ...change });
  return { command, repairFirst: true, planner };
}

/** A command that changes a balancer. */
export interface ChangeRequest {
  /** What to tell others that wait for the lock. */
  readonly command: string;
  /**
   * Finish what a killed command left before planning; a planner of the whole configuration repairs
   * as it goes.
   */
  readonly repairFirst: boolean;
  readonly planner: Planner;
  /** Says what changes about the program, which is replaced before anything is written. */
  readonly settings?: (attachment: Attachment) => Promise<WantedSettings>;
  /** Whether to measure what the plan does to live traffic, and to ask before flows break. */
  readonly review?: "no" | "measure" | "ask";
  /** Say nothing of what was done: the command does so itself. */
  readonly silent?: boolean;
}

/** For how long traffic is measured before a question, and without one, ms. */
const LOOK = { ask: 500, measure: 50 } as const;

/**
 * Takes the lock, plans, writes, tidies up and says what changed. A question is asked without the
 * lock, on a plan of its own: under the lock the plan is made anew, and if it would break other flows
 * than was agreed to, the question is asked again.
 *
 * @param host where the balancer is
 * @param flags which balancer, and how to print
 * @param request what to do
 * @throws {CliError} if the answer is no
 */
export async function changeBalancer(
  host: Host,
  flags: CommonFlags,
  request: ChangeRequest,
): Promise<ExitCode> {
  requireRoot(host);
  for (;;) {
    const agreed = request.review === "ask" ? await agree(host, flags, request) : null;
    const done = await changeLocked(host, flags, request, agreed?.impact ?? null);
    if (done === null) {
      host.stderr.write("weir: The balancer changed meanwhile; this is the new plan\n");
      continue;
    }
    if (request.silent === true) return Exit.ok;
    const data = planData(flags.balancer, done);
    // Who was asked has read the plan.
    const lines = agreed?.shown === true ? -1 : 0;
    show(host, flags, "change", data, (view) => planLines(data, "done", view).slice(lines));
    return Exit.ok;
  }
}

/** What the user agreed to. */
interface Agreement {
  readonly impact: Impact | null;
  /** Whether the plan was printed. */
  readonly shown: boolean;
}

/**
 * Shows the plan and asks if it breaks flows.
 *
 * @throws {CliError} if the answer is no, or if there is nobody to ask
 */
async function agree(host: Host, flags: CommonFlags, request: ChangeRequest): Promise<Agreement> {
  const attachment = await host.describe(flags.balancer);
  if (attachment === null) throw notAttached(flags.balancer);
  using dataplane = await openBalancer(host, flags.balancer);
  const wanted = await request.settings?.(attachment) ?? NO_SETTINGS;
  const proposal = await proposeChange(host, dataplane, {
    ...{ attachment, wanted, planner: request.planner },
    measure: LOOK.ask,
  });
  const { impact } = proposal;
  if (impact === null || !breaksFlows(impact)) return { impact, shown: false };
  const data = planData(flags.balancer, proposal);
  if (!flags.json) show(host, flags, "plan", data, (view) => planLines(data, "plan", view));
  const answer = flags.json ? null : host.ask("Established flows will break. Go on?");
  if (answer === true) return { impact, shown: true };
  throw answer === false
    ? new CliError("Nothing was changed: you said no")
    : new CliError("Nothing was changed: established flows would break", "if that is meant: --yes");
}

/** @returns what was done; null if that would break flows that nobody agreed to */
async function changeLocked(
  host: Host,
  { balancer }: CommonFlags,
  request: ChangeRequest,
  agreed: Impact | null,
): Promise<Proposal | null> {
  const attachment = await host.describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  using _lock = await lockBalancer(host, balancer, request.command);
  const wanted = await request.settings?.(attachment) ?? NO_SETTINGS;
  for (const note of wanted.notes) host.stderr.write(`weir: ${note}\n`);
  const { planner, repairFirst, review = "no" } = request;
  const proposal = await withDataplane(host, balancer, (dataplane) => {
    if (repairFirst) repair(host, dataplane, planOptions(dataplane, attachment.settings));
    const measure = review === "no" ? null : LOOK.measure;
    return proposeChange(host, dataplane, { attachment, wanted, planner, measure });
  });
  const { plan, impact } = proposal;
  if (agreed !== null && impact !== null && breaksMore(impact, agreed)) return null;
  // VIPs may need the new program; the maps of the old one do not show its settings.
  if (wanted.changes.length > 0) await host.upgrade({ balancer, ...wanted });
  await withDataplane(host, balancer, (dataplane) => {
    const options = planOptions(dataplane, { ...attachment.settings, ...wanted.settings });
    execute(dataplane, plan.writes);
    tidyUp(dataplane, options, repairFirst ? scopeOf(plan) : undefined);
  });
  return proposal;
}

function breaksMore({ vips }: Impact, agreed: Impact): boolean {
  const names = (impact: Impact) =>
    impact.vips.flatMap(({ vip, breaks }) => breaks.reals.map((real) => `${vip} ${real}`));
  const known = new Set(names(agreed));
  return names({ ...agreed, vips }).some((name) => !known.has(name));
}

async function withDataplane<T>(
  host: Host,
  balancer: string,
  use: (dataplane: Dataplane) => T,
): Promise<Awaited<T>> {
  using dataplane = await openBalancer(host, balancer);
  return await use(dataplane);
}

/** Changes that a real may be left over by. */
const LEAVING = /removed$|^entry-changed$/;

/** A single command tidies up after itself only, to be quick; `apply` tidies up everything. */
function scopeOf({ changes, writes }: Plan): UpkeepScope {
  const touched = writes.flatMap((write) => write.op === "ring" ? [write.vip] : []);
  return { vips: new Set(touched), reals: changes.some(({ kind }) => LEAVING.test(kind)) };
}
