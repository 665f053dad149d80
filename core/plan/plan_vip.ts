import type { Address } from "../addr/types.ts";
import type { Member, Ring } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { nextRing } from "./next_ring.ts";
import type { VipTarget } from "./target.ts";
import type { PlanOptions } from "./types.ts";

/** What becomes of one VIP. */
export interface VipPlan {
  readonly target: VipTarget;
  /** Members that leave, and whether their flows must move at once. */
  readonly leaving: ReadonlyMap<number, { readonly hard: boolean }>;
  /** Reals that map `down` is to name for this VIP: down members, and deleted ones with hard ends. */
  readonly down: ReadonlySet<number>;
  readonly ring: { readonly before: Ring | null; readonly after: Ring | null };
}

/** What planning a VIP needs to know beside the VIP. */
export interface VipPlanContext {
  readonly rings: (vip: number) => Ring | null;
  /** Address of a real that is or will be. */
  readonly addressOf: (real: number) => Address;
  readonly options: PlanOptions;
  /** A command was killed: what cannot be read back may be anything. */
  readonly repair: boolean;
}

/**
 * Works out one VIP's members, down marks and ring.
 *
 * @param target the VIP as it is to be
 * @param context rings and addresses of the balancer
 */
export function planVip(target: VipTarget, context: VipPlanContext): VipPlan {
  const leaving = leavingMembers(target, context);
  const down = downMarks(target, leaving);
  if (!context.repair && !ringMayChange(target)) {
    // Nothing that shapes the ring differs: leave it unread, so that an idle `apply` stays cheap.
    return { target, leaving, down, ring: { before: null, after: null } };
  }
  const before = target.old === null ? null : context.rings(target.index);
  const gone = new Set([...leaving].filter(([, { hard }]) => hard).map(([real]) => real));
  const { config, members } = target;
  const input = { config, members, gone, addressOf: context.addressOf, old: before };
  return { target, leaving, down, ring: { before, after: nextRing(input, context.options) } };
}

function leavingMembers(
  { old, config, members }: VipTarget,
  { addressOf, options }: VipPlanContext,
): ReadonlyMap<number, { readonly hard: boolean }> {
  const leaving = new Map<number, { readonly hard: boolean }>();
  for (const [real, member] of old?.members ?? []) {
    if (members.has(real)) continue;
    // The last real leaves nobody to serve the VIP: its flows end as well (drop reason no_real).
    const hard = members.size === 0 || member.state === "down" || old?.down.has(real) === true ||
      options.isHard?.(vipKeyText(config), addressOf(real).text) === true;
    leaving.set(real, { hard });
  }
  return leaving;
}

function downMarks(
  { old, members }: VipTarget,
  leaving: ReadonlyMap<number, { readonly hard: boolean }>,
): ReadonlySet<number> {
  const marks = new Set<number>();
  for (const [real, member] of members) {
    if (member.state === "down") marks.add(real);
  }
  for (const [real, { hard }] of leaving) {
    if (hard) marks.add(real);
  }
  // A mark of a real deleted earlier stays until no flow names the real (planUpkeep).
  for (const real of old?.down ?? []) {
    if (!members.has(real)) marks.add(real);
  }
  return marks;
}

function ringMayChange({ old, config, members }: VipTarget): boolean {
  if (old === null) return members.size > 0;
  const migrates = (flags: readonly string[]) => flags.includes("udp-migration");
  return old.config.ringHash !== config.ringHash || old.config.affinity !== config.affinity ||
    migrates(old.config.flags) !== migrates(config.flags) || !sameMembers(old.members, members);
}

function sameMembers(a: ReadonlyMap<number, Member>, b: ReadonlyMap<number, Member>): boolean {
  if (a.size !== b.size) return false;
  for (const [real, { weight, state }] of a) {
    const other = b.get(real);
    if (other?.weight !== weight || other.state !== state) return false;
  }
  return true;
}
