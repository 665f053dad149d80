import type { Dataplane, Write } from "../core/dataplane.ts";
import { planDesired } from "../core/plan/plan_desired.ts";
import { planUpkeep, type UpkeepScope } from "../core/plan/plan_upkeep.ts";
import type { PlanOptions } from "../core/plan/types.ts";
import { desiredOf } from "../core/state/desired_of.ts";
import { CliError } from "./errors.ts";
import { Exit } from "./exit.ts";
import type { Host } from "./host.ts";

/**
 * Forgets what may be forgotten.
 *
 * @param dataplane the balancer after a change
 * @param options clock and times
 * @param scope what to look at; default everything
 * @throws {CliError} with exit code 3: the change itself is made
 */
export function tidyUp(dataplane: Dataplane, options: PlanOptions, scope?: UpkeepScope): void {
  const rings = (vip: number) => dataplane.readRing(vip);
  try {
    execute(dataplane, planUpkeep(dataplane.readState(), rings, options, scope).writes);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CliError(`The change is made, but not tidied up: ${cause}`, null, Exit.partly);
  }
}

/**
 * Finishes what a killed command left.
 *
 * @param host where to say so
 * @param dataplane the balancer
 * @param options clock and times
 */
export function repair(host: Host, dataplane: Dataplane, options: PlanOptions): void {
  const state = dataplane.readState();
  if (state.sequence % 2 === 0) return;
  host.stderr.write(`weir: Repairing balancer "${state.balancer}": a command was killed\n`);
  const rings = (vip: number) => dataplane.readRing(vip);
  execute(dataplane, planDesired(state, rings, desiredOf(state), options).writes);
}

/**
 * Carries out writes; a failure after the first change is told apart from one before it.
 *
 * @param dataplane the balancer
 * @param writes in their order
 * @throws {CliError} with exit code 3 if some writes were made
 */
export function execute(dataplane: Dataplane, writes: readonly Write[]): void {
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
