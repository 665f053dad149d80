import type { Address } from "../addr/types.ts";
import { maglev, NO_REAL, patchDown, stepRing } from "../ring/mod.ts";
import type { Member, Ring, VipConfig } from "../state/types.ts";
import type { PlanOptions } from "./types.ts";

/** One VIP's ring as it is, and what it is to follow from. */
export interface RingInput {
  readonly config: VipConfig;
  /** Members by real index. */
  readonly members: ReadonlyMap<number, Member>;
  readonly addressOf: (real: number) => Address;
  /** Reals that left the VIP for good: nothing of them stays in the ring. */
  readonly gone: ReadonlySet<number>;
  readonly old: Ring | null;
}

/**
 * The ring that follows from members and their states: Maglev over all members with a weight, slots of
 * members that are out served by others, and what older flows need remembered.
 *
 * @param input members, marks and the current ring
 * @param options clock and UDP grace time
 * @returns the same object if nothing changes; null if there are no members: packets drop as `no_real`
 */
export function nextRing(input: RingInput, options: PlanOptions): Ring | null {
  const { config, members, old } = input;
  if (members.size === 0) return null;
  const stepped = stepRing({
    old,
    target: targetSlots(input),
    now: options.now,
    affinity: config.affinity,
    protocol: config.protocol,
    udpGraceTicks: options.udpGraceTicks,
  });
  const next = withoutPrev(stepped, input.gone);
  // However many steps it took, one ring is written.
  return next === old ? old : { ...next, generation: ((old?.generation ?? 0) + 1) >>> 0 };
}

function targetSlots({ config, members, addressOf }: RingInput): Uint16Array {
  const weighted = [...members].map(([real, { weight }]) => ({
    real,
    address: addressOf(real),
    weight,
  }));
  const base = maglev(weighted, config.ringHash);
  // katran's udp-migration: flows leave a down real, its slots do not.
  const keepsDown = config.flags.includes("udp-migration");
  const isOut = ({ state }: Member) => state === "drained" || (state === "down" && !keepsDown);
  const out = new Set([...members].filter(([, member]) => isOut(member)).map(([real]) => real));
  return out.size === 0 ? base : patchDown(base, (real) => out.has(real));
}

/** Older flows of a real that is gone may not come back to it, so its index is soon free again. */
function withoutPrev(ring: Ring, gone: ReadonlySet<number>): Ring {
  if (gone.size === 0 || !ring.prev.some((real) => gone.has(real))) return ring;
  const prev = ring.prev.map((real) => gone.has(real) ? NO_REAL : real);
  return { ...ring, prev };
}
