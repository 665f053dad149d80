import type { Write } from "../dataplane.ts";
import { settleRing, SLOT_REAL_MASK, SLOT_UNSTABLE } from "../ring/mod.ts";
import type { RealState, Ring, State, VipState } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { flowSlots } from "./flow_slots.ts";
import { isIdle, livingFlows } from "./living_flows.ts";
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

/** What upkeep looks at; looking at everything reads every ring. */
export interface UpkeepScope {
  /** VIPs whose rings may settle; null: all. */
  readonly vips: ReadonlySet<number> | null;
  /** Whether deleted reals are to be freed. */
  readonly reals: boolean;
}

const EVERYTHING: UpkeepScope = { vips: null, reals: true };
const NOTHING: Upkeep = { settled: [], freed: [], writes: [] };

/**
 * Works out what can be forgotten: changes of rings older than the idle time that no living flow
 * disagrees with, and deleted reals that no ring and no living flow names.
 *
 * @param state what the kernel holds, read after the writes of the plan before
 * @param rings the current ring of a VIP index
 * @param options clock, idle times and the flow table
 * @param scope what to look at; default everything
 * @returns nothing to do while a killed command is unrepaired
 */
export function planUpkeep(
  state: State,
  rings: (vip: number) => Ring | null,
  options: PlanOptions,
  scope: UpkeepScope = EVERYTHING,
): Upkeep {
  if (state.sequence % 2 === 1) return NOTHING;
  const unsettled = new Map<VipState, Ring>();
  for (const vip of state.vips.values()) {
    const ring = scope.vips?.has(vip.index) === false ? null : rings(vip.index);
    if (ring !== null && isOld(vip, ring, options)) unsettled.set(vip, ring);
  }
  const settled = settle(state, unsettled, options);
  const next = new Map([...settled].map(([vip, ring]) => [vip.index, ring]));
  const { freed, writes } = scope.reals
    ? forget(state, (vip) => next.get(vip) ?? rings(vip), options)
    : { freed: [], writes: [] };
  if (next.size + writes.length === 0) return NOTHING;
  const settling: readonly Write[] = next.size === 0 ? [] : [{ op: "rings", rings: next }];
  return {
    settled: [...settled.keys()].map((vip) => vipKeyText(vip.config)),
    freed: freed.map((real) => real.config.address.text),
    writes: betweenMarks(state.sequence, [...settling, ...writes]),
  };
}

function isOld({ config }: VipState, ring: Ring, { now, idle }: PlanOptions): boolean {
  return isIdle(ring.changedAt, now, idle[config.protocol]) &&
    ring.slots.some((slot) => (slot & SLOT_UNSTABLE) !== 0);
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
  rings: (vip: number) => Ring | null,
  options: PlanOptions,
): { readonly freed: readonly RealState[]; readonly writes: readonly Write[] } {
  const retired = [...state.reals.values()].filter((real) => real.retired);
  const vips = [...state.vips.values()];
  const marks = vips.flatMap((vip) =>
    [...vip.down].filter((real) => !vip.members.has(real)).map((real) => ({ vip: vip.index, real }))
  );
  if (retired.length + marks.length === 0) return { freed: [], writes: [] };
  const candidates = new Uint8Array(SLOT_REAL_MASK + 1);
  for (const real of [...retired.map(({ index }) => index), ...marks.map(({ real }) => real)]) {
    candidates[real] = 1;
  }
  const living = livingFlows(state, options);
  const named = new Map(vips.map(({ index }) => {
    const reals = new Set(living.get(index));
    addNamed(reals, rings(index), candidates);
    return [index, reals];
  }));
  const unmarks = marks.filter(({ vip, real }) => !named.get(vip)?.has(real));
  const freed = retired.filter(({ index }) => ![...named.values()].some((set) => set.has(index)));
  return { freed, writes: forgetWrites(state, unmarks, freed) };
}

/** Adds those of the candidates that a ring names. Hot: every slot of every ring passes here. */
function addNamed(reals: Set<number>, ring: Ring | null, candidates: Uint8Array): void {
  if (ring === null) return;
  const { slots, prev } = ring;
  for (let i = 0; i < slots.length; i++) {
    const current = (slots[i] ?? 0) & SLOT_REAL_MASK;
    const before = prev[i] ?? 0;
    if (candidates[current] === 1) reals.add(current);
    if (candidates[before] === 1) reals.add(before);
  }
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
