import { planOptions } from "../core/plan/plan_options.ts";
import type { Edit } from "../core/plan/edit.ts";
import { planDesired } from "../core/plan/plan_desired.ts";
import { planEdit } from "../core/plan/plan_edit.ts";
import { planUpkeep, type UpkeepScope } from "../core/plan/plan_upkeep.ts";
import type { Plan, PlanOptions } from "../core/plan/types.ts";
import type { Dataplane, Write } from "../core/dataplane.ts";
import { desiredOf } from "../core/state/desired_of.ts";
import type { Ring, State } from "../core/state/types.ts";
import { CliError } from "./errors.ts";
import { Exit, type ExitCode } from "./exit.ts";
import type { Attachment, Host } from "./host.ts";
import { lockBalancer } from "./lock_balancer.ts";
import { notAttached, openBalancer, requireRoot } from "./open_balancer.ts";
import type { CommonFlags } from "./parameters.ts";
import { show } from "./show.ts";
import { planData, planLines } from "./views/plan.ts";
import { NO_SETTINGS, planLimits, type WantedSettings } from "./wanted_settings.ts";

/** Makes a plan from what the kernel holds. */
export type Planner = (
  state: State,
  rings: (vip: number) => Ring | null,
  options: PlanOptions,
) => Plan;

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
  return changeBalancer(
    host,
    flags,
    command,
    true,
    (state, rings, options) => planEdit(state, rings, edit, { ...options, ...change }),
  );
}

/**
 * Takes the lock, plans, writes, tidies up and says what changed.
 *
 * @param host where the balancer is
 * @param flags which balancer, and how to print
 * @param command what to tell others that wait for the lock
 * @param repairFirst finish what a killed command left before planning; a planner of the whole
 *   configuration repairs as it goes
 * @param planner makes the plan
 * @param settings says what changes about the program; it is replaced before anything is written
 */
export async function changeBalancer(
  host: Host,
  flags: CommonFlags,
  command: string,
  repairFirst: boolean,
  planner: Planner,
  settings: (attachment: Attachment) => WantedSettings = () => NO_SETTINGS,
): Promise<ExitCode> {
  requireRoot(host);
  const description = await host.describe(flags.balancer);
  if (description === null) throw notAttached(flags.balancer);
  using _lock = await lockBalancer(host, flags.balancer, command);
  const wanted = settings(description);
  for (const note of wanted.notes) host.stderr.write(`weir: ${note}\n`);
  const limits = planLimits(description, wanted);
  const plan = await withDataplane(host, flags.balancer, (dataplane) => {
    const options = () => planOptions(dataplane, description.settings);
    if (repairFirst) repair(host, dataplane, options());
    const rings = (vip: number) => dataplane.readRing(vip);
    return planner(dataplane.readState(), rings, { ...options(), ...limits });
  });
  // VIPs may need the new program; the maps of the old one do not show its settings.
  if (wanted.changes.length > 0) await host.upgrade({ balancer: flags.balancer, ...wanted });
  await withDataplane(host, flags.balancer, (dataplane) => {
    const options = planOptions(dataplane, { ...description.settings, ...wanted.settings });
    execute(dataplane, plan.writes);
    tidyUp(dataplane, options, repairFirst ? scopeOf(plan) : undefined);
  });
  const changes = [...wanted.changes, ...plan.changes];
  const data = planData(flags.balancer, { ...plan, changes });
  show(host, flags, "change", data, (view) => planLines(data, "done", view));
  return Exit.ok;
}

async function withDataplane<T>(
  host: Host,
  balancer: string,
  use: (dataplane: Dataplane) => T,
): Promise<T> {
  using dataplane = await openBalancer(host, balancer);
  return use(dataplane);
}

/** A single command tidies up after itself only, to be quick; `apply` tidies up everything. */
function scopeOf({ changes, writes }: Plan): UpkeepScope {
  const touched = writes.flatMap((write) => write.op === "ring" ? [write.vip] : []);
  return { vips: new Set(touched), reals: changes.some(({ kind }) => kind.endsWith("removed")) };
}

function tidyUp(dataplane: Dataplane, options: PlanOptions, scope?: UpkeepScope): void {
  const rings = (vip: number) => dataplane.readRing(vip);
  try {
    execute(dataplane, planUpkeep(dataplane.readState(), rings, options, scope).writes);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CliError(`The change is made, but not tidied up: ${cause}`, null, Exit.partly);
  }
}

function repair(host: Host, dataplane: Dataplane, options: PlanOptions): void {
  const state = dataplane.readState();
  if (state.sequence % 2 === 0) return;
  host.stderr.write(`weir: Repairing balancer "${state.balancer}": a command was killed\n`);
  const rings = (vip: number) => dataplane.readRing(vip);
  execute(dataplane, planDesired(state, rings, desiredOf(state), options).writes);
}

/** Carries out writes; a failure after the first change is told apart from one before it. */
function execute(dataplane: Dataplane, writes: readonly Write[]): void {
  let made = 0;
  for (const write of writes) {
    try {
      dataplane.write(write);
    } catch (error) {
      if (made === 0) close(dataplane, writes);
      if (made === 0 || !(error instanceof Error)) throw error;
      const all = writes.filter(({ op }) => op !== "sequence").length;
      throw new CliError(
        `${error.message} (${made} of ${all} writes were made)`,
        "the balancer works with what it has; run the command again or apply a file",
        Exit.partly,
      );
    }
    // The mark that a command begins changes nothing by itself.
    if (write.op !== "sequence") made++;
  }
}

/** Nothing was written after the mark of the begin, so nothing needs repair. */
function close(dataplane: Dataplane, writes: readonly Write[]): void {
  const begin = writes.at(0);
  const end = writes.at(-1);
  // Without a begin the mark is a killed command's, and stays.
  if (begin?.op !== "sequence" || end === undefined) return;
  try {
    dataplane.write(end);
  } catch {
    // The first error says more than this one would.
  }
}
