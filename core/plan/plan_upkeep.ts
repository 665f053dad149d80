import type { Write } from "../dataplane.ts";
import { settleRing, SLOT_REAL_MASK, SLOT_UNSTABLE } from "../ring/mod.ts";
import type { RealState, Ring, State, VipState } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { flowSlots } from "./flow_slots.ts";
import { isIdle, type LivingFlows, livingFlows } from "./living_flows.ts";
import { betweenMarks } from "./order_writes.ts";
import type { PlanOptions } from "./types.ts";

/** What time alone allows: nothing here changes where a living flow goes. */
export interface Upkeep {
  /** VIPs (key text) whose ring forgets old changes. */
  readonly settled: readonly string[];
  /** Deleted reals (address text) that no flow needs any more. */
  readonly freed: readonly string[];
  readonly writes: readonly Write[];
}

const NOTHING: Upkeep = { settled: [], freed: [], writes: [] };

/**
 * Works out what can be forgotten: changes of rings older than the idle time that no living flow
 * disagrees with, and deleted reals that no ring and no living flow names.
 *
 * @param state what the kernel holds, read after the writes of the plan before
 * @param rings the current ring of a VIP index
 * @param options clock, idle times and the flow table
 * @returns nothing to do while a killed command is unrepaired
 */
export function planUpkeep(
  state: State,
  rings: (vip: number) => Ring | null,
  options: PlanOptions,
): Upkeep {
  if (state.sequence % 2 === 1) return NOTHING;
  const unsettled = new Map<VipState, Ring>();
  const named = new Map<number, ReadonlySet<number>>();
  for (const vip of state.vips.values()) {
    const ring = rings(vip.index);
    if (ring === null) continue;
    if (isOld(vip, ring, options)) unsettled.set(vip, ring);
    named.set(vip.index, namedReals(ring));
  }
  const settled = settle(state, unsettled, options);
  for (const [vip, ring] of settled) named.set(vip.index, namedReals(ring));
  const forgotten = forget(state, named, options);
  const writes: Write[] = [
    ...[...settled].map(([vip, ring]): Write => ({ op: "ring", vip: vip.index, ring })),
    ...forgotten.writes,
  ];
  if (writes.length === 0) return NOTHING;
  return {
    settled: [...settled.keys()].map((vip) => vipKeyText(vip.config)),
    freed: forgotten.freed.map((real) => real.config.address.text),
    writes: betweenMarks(state.sequence, writes),
  };
}

function isOld({ config }: VipState, ring: Ring, { now, idle }: PlanOptions): boolean {
  return isIdle(ring.changedAt, now, idle[config.protocol]) &&
    ring.slots.some((slot) => (slot & SLOT_UNSTABLE) !== 0);
}

function namedReals(ring: Ring): ReadonlySet<number> {
  const reals = new Set<number>();
  for (const slot of ring.slots) reals.add(slot & SLOT_REAL_MASK);
  for (const real of ring.prev) reals.add(real);
  return reals;
}

function settle(
  state: State,
  unsettled: ReadonlyMap<VipState, Ring>,
  options: PlanOptions,
): ReadonlyMap<VipState, Ring> {
  if (unsettled.size === 0) return new Map();
  const disagreeing = new Map<VipState, { readonly slot: number }[]>();
  for (const flow of options.flows()) {
    const vip = state.vips.get(flow.vip);
    const ring = vip === undefined ? undefined : unsettled.get(vip);
    if (vip === undefined || ring === undefined) continue;
    if (isIdle(flow.lastSeen, options.now, options.idle[vip.config.protocol])) continue;
    for (const slot of flowSlots(vip.config, flow)) {
      if (((ring.slots[slot] ?? 0) & SLOT_REAL_MASK) === flow.real) continue;
      const known = disagreeing.get(vip);
      if (known === undefined) disagreeing.set(vip, [{ slot }]);
      else known.push({ slot });
    }
  }
  const settled = new Map<VipState, Ring>();
  for (const [vip, ring] of unsettled) {
    const idle = options.idle[vip.config.protocol];
    const next = settleRing(ring, options.now, idle, disagreeing.get(vip) ?? []);
    if (next !== ring) settled.set(vip, next);
  }
  return settled;
}

function forget(
  state: State,
  named: ReadonlyMap<number, ReadonlySet<number>>,
  options: PlanOptions,
): { readonly freed: readonly RealState[]; readonly writes: readonly Write[] } {
  const retired = [...state.reals.values()].filter((real) => real.retired);
  const isLeft = (vip: VipState, real: number) => vip.down.has(real) && !vip.members.has(real);
  const marked = [...state.vips.values()].filter((vip) =>
    [...vip.down].some((real) => isLeft(vip, real))
  );
  if (retired.length === 0 && marked.length === 0) return { freed: [], writes: [] };
  const living = livingFlows(state, options);
  const isNamed = (vip: number, real: number) => isNamedBy(named, living, vip, real);
  const unmarks = marked.flatMap((vip) =>
    [...vip.down].filter((real) => isLeft(vip, real) && !isNamed(vip.index, real))
      .map((real) => ({ vip: vip.index, real }))
  );
  const freed = retired.filter(({ index }) =>
    ![...state.vips.keys()].some((vip) => isNamed(vip, index))
  );
  return { freed, writes: forgetWrites(state, unmarks, freed) };
}

function isNamedBy(
  rings: ReadonlyMap<number, ReadonlySet<number>>,
  living: LivingFlows,
  vip: number,
  real: number,
): boolean {
  return rings.get(vip)?.has(real) === true || living.get(vip)?.has(real) === true;
}

function forgetWrites(
  state: State,
  unmarks: readonly { readonly vip: number; readonly real: number }[],
  freed: readonly RealState[],
): readonly Write[] {
  const gone = new Set(freed.map((real) => real.index));
  const stays = (real: number) =>
    [...state.vips.values()].some((vip) =>
      vip.down.has(real) && !unmarks.some((mark) => mark.vip === vip.index && mark.real === real)
    );
  const lowered = new Set(unmarks.map(({ real }) => real).filter((real) => !stays(real)));
  return [
    ...unmarks.map((mark): Write => ({ op: "down", ...mark, down: false })),
    ...[...lowered].flatMap((index): Write[] => {
      const real = state.reals.get(index);
      if (real === undefined || gone.has(index)) return [];
      return [{ op: "real", index, config: real.config, downSomewhere: false }];
    }),
    ...freed.flatMap(({ index }): Write[] => [
      { op: "real", index, config: null, downSomewhere: false },
      { op: "real-info", index, config: null, retired: false },
    ]),
  ];
}
