import type {
  Desired,
  DesiredVip,
  Member,
  RealConfig,
  RealState,
  State,
  VipConfig,
  VipState,
} from "../state/types.ts";
import { realConfigChanges } from "../state/config_changes.ts";
import { lowestFree } from "../state/lowest_free.ts";
import { tableReals, tablesOf } from "../state/tables.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { checkDesired } from "./check_desired.ts";
import { livingFlows } from "./living_flows.ts";
import { PlanError } from "./plan_error.ts";
import type { PlanOptions } from "./types.ts";

/** A VIP as it is to be, with its index. */
export interface VipTarget {
  readonly index: number;
  readonly config: VipConfig;
  /** Members by real index. */
  readonly members: ReadonlyMap<number, Member>;
  /** The VIP as it is; null: new. */
  readonly old: VipState | null;
}

/** A real as it is to be, with its index. */
export interface RealTarget {
  readonly index: number;
  readonly config: RealConfig;
  /** The real as it is, maybe retired; null: new. */
  readonly old: RealState | null;
}

/** The wish with every name turned into an index. */
export interface Target {
  /** Ascending by index. */
  readonly vips: readonly VipTarget[];
  /** By index. */
  readonly reals: ReadonlyMap<number, RealTarget>;
  /** VIPs that are to go. */
  readonly removed: readonly VipState[];
}

/**
 * Gives every VIP and real of the wish its index: the one it has, else the lowest free one. Indices
 * depend on the sets only, not on the order of the wish.
 *
 * @param state what the kernel holds
 * @param desired what is wanted
 * @param options for the flow table, which may still name the index of a deleted VIP
 * @throws {PlanError} if the wish contradicts itself or does not fit the balancer
 */
export function resolveTarget(state: State, desired: Desired, options: PlanOptions): Target {
  checkDesired(state, desired, options);
  const wanted = new Map(desired.vips.map((vip) => [vipKeyText(vip.config), vip]));
  const removed = [...state.vips.values()].filter((vip) => !wanted.has(vipKeyText(vip.config)));
  const reals = resolveReals(state, desired);
  const vips = resolveVips(state, wanted, reals, options);
  return { vips, reals: new Map([...reals.values()].map((real) => [real.index, real])), removed };
}

function resolveReals(state: State, desired: Desired): ReadonlyMap<string, RealTarget> {
  const configs = new Map<string, RealConfig>();
  const members = desired.vips.flatMap((vip) => vip.members);
  for (const real of [...members.map(({ real }) => real), ...tableReals(tablesOf(desired))]) {
    const before = configs.get(real.address.text);
    if (before !== undefined && realConfigChanges(before, real).length > 0) {
      throw new PlanError(`Cannot plan real "${real.address.text}": its settings differ by VIP`);
    }
    configs.set(real.address.text, real);
  }
  const taken = new Set(state.reals.keys());
  const known = new Map([...state.reals.values()].map((real) => [real.config.address.text, real]));
  const targets = new Map<string, RealTarget>();
  for (const [text, config] of sortedByKey(configs)) {
    const old = known.get(text) ?? null;
    const index = old?.index ?? lowestFree((i) => taken.has(i), 1, state.capacity.maxReals);
    if (index === null) throw noRoomForReal(state);
    taken.add(index);
    targets.set(text, { index, config, old });
  }
  return targets;
}

function resolveVips(
  state: State,
  wanted: ReadonlyMap<string, DesiredVip>,
  reals: ReadonlyMap<string, RealTarget>,
  options: PlanOptions,
): readonly VipTarget[] {
  const targets: VipTarget[] = [];
  const taken = new Set(state.vips.keys());
  const known = new Map([...state.vips.values()].map((vip) => [vipKeyText(vip.config), vip]));
  const fresh: DesiredVip[] = [];
  for (const [key, vip] of sortedByKey(wanted)) {
    const old = known.get(key);
    if (old === undefined) fresh.push(vip);
    else targets.push(vipTarget(vip, old.index, old, reals));
  }
  // Flows of a deleted VIP must not be found by the next one of the same index.
  const haunted = fresh.length > 0 ? livingFlows(state, options) : new Map();
  const kept = new Set(targets.map((vip) => vip.index));
  for (const vip of fresh) {
    const { maxVips } = state.capacity;
    const index = lowestFree((i) => taken.has(i) || haunted.has(i), 0, maxVips) ??
      lowestFree((i) => kept.has(i) || haunted.has(i), 0, maxVips);
    if (index === null) throw noRoomForVip(state);
    taken.add(index);
    kept.add(index);
    targets.push(vipTarget(vip, index, null, reals));
  }
  return targets.sort((a, b) => a.index - b.index);
}

function vipTarget(
  vip: DesiredVip,
  index: number,
  old: VipState | null,
  reals: ReadonlyMap<string, RealTarget>,
): VipTarget {
  const members = new Map<number, Member>();
  for (const wanted of vip.members) {
    const real = reals.get(wanted.real.address.text);
    if (real === undefined) continue;
    const state = wanted.state ?? old?.members.get(real.index)?.state ?? "up";
    members.set(real.index, { weight: wanted.weight, state });
  }
  return { index, config: vip.config, members: new Map(sortedByKey(members)), old };
}

function noRoomForReal(state: State): PlanError {
  const retired = [...state.reals.values()].filter((real) => real.retired).length;
  const held = retired === 0 ? "" : `, ${retired} of them deleted but still named by flows`;
  const { maxReals } = state.capacity;
  return new PlanError(
    `Balancer "${state.balancer}" is full: it holds ${state.reals.size} of ${maxReals - 1} reals` +
      held,
    `attach it with a larger --max-reals than ${maxReals}`,
  );
}

function noRoomForVip(state: State): PlanError {
  return new PlanError(
    `Balancer "${state.balancer}" is full: no VIP number is free of VIPs and of living flows`,
    `attach it with a larger --max-vips than ${state.capacity.maxVips}`,
  );
}

function sortedByKey<K extends string | number, V>(map: ReadonlyMap<K, V>): [K, V][] {
  return [...map].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
}
