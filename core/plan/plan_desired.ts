import { movedSlots } from "../ring/mod.ts";
import type { Desired, Ring, State } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { listChanges } from "./changes.ts";
import { orderWrites } from "./order_writes.ts";
import { PlanError } from "./plan_error.ts";
import { planTables } from "./plan_tables.ts";
import { planVip, type VipPlan } from "./plan_vip.ts";
import { resolveTarget } from "./target.ts";
import type { Plan, PlanOptions, RingChange } from "./types.ts";

/**
 * Works out the writes that turn the running balancer into the one that is wanted. Wanting what runs
 * gives no writes. Deleted reals are only retired; `planUpkeep`, made after the writes are done, frees
 * those that no flow needs.
 *
 * @param state what the kernel holds; an odd sequence (a killed command) makes the plan repair as well
 * @param rings the current ring of a VIP index, read only where the ring may change
 * @param desired what is wanted
 * @param options clock, times and the flow table
 * @throws {PlanError} if the wish contradicts itself or does not fit the balancer
 */
export function planDesired(
  state: State,
  rings: (vip: number) => Ring | null,
  desired: Desired,
  options: PlanOptions,
): Plan {
  const repair = state.sequence % 2 === 1;
  const target = resolveTarget(state, desired, options);
  const addressOf = (real: number) => {
    const found = target.reals.get(real) ?? state.reals.get(real);
    if (found === undefined) throw new PlanError(`Cannot plan real "#${real}": it has no address`);
    return found.config.address;
  };
  const vips = target.vips.map((vip) => planVip(vip, { rings, addressOf, options, repair }));
  const tables = planTables(state, desired, target.reals);
  return {
    sequence: state.sequence,
    changes: [...listChanges(state, target, vips), ...tables.changes],
    rings: ringChanges(vips),
    writes: orderWrites(state, target, vips, tables, repair),
  };
}

function ringChanges(vips: readonly VipPlan[]): readonly RingChange[] {
  return vips.flatMap(({ target, ring: { before, after } }) => {
    if (before === after || before === null) return [];
    return [{
      vip: vipKeyText(target.config),
      ...movedSlots(before.slots, after?.slots ?? new Uint16Array(before.slots.length)),
    }];
  });
}
