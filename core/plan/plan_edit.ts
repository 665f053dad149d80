import { desiredOf } from "../state/desired_of.ts";
import type { Ring, State } from "../state/types.ts";
import type { Edit } from "./edit.ts";
import { planDesired } from "./plan_desired.ts";
import type { Plan, PlanOptions } from "./types.ts";

/**
 * Plans one command: the running balancer with one thing changed.
 *
 * @param state what the kernel holds
 * @param rings the current ring of a VIP index
 * @param edit the change, one of edit.ts
 * @param options clock, times and the flow table
 * @throws {PlanError} if the change makes no sense on this balancer
 */
export function planEdit(
  state: State,
  rings: (vip: number) => Ring | null,
  edit: Edit,
  options: PlanOptions,
): Plan {
  return planDesired(state, rings, edit(desiredOf(state)), options);
}
