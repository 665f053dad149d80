import type { Write } from "../dataplane.ts";
import type { Ring, VipConfig } from "../state/types.ts";

/** What the writes of a plan do to one VIP. */
export interface VipWrites {
  readonly removed: boolean;
  /** The ring to be; null: none; undefined: the one it has stays. */
  readonly ring: Ring | null | undefined;
  /** Settings to be; undefined: they stay. */
  readonly config: VipConfig | undefined;
  /** Reals that become unusable for its flows. */
  readonly down: readonly number[];
}

const UNTOUCHED: VipWrites = { removed: false, ring: undefined, config: undefined, down: [] };

/**
 * Sorts writes by VIP index; an index that is freed and given out again counts as removed.
 *
 * @param writes in their order
 */
export function writesByVip(writes: readonly Write[]): ReadonlyMap<number, VipWrites> {
  const vips = new Map<number, VipWrites>();
  const put = (vip: number, change: Partial<VipWrites>) =>
    vips.set(vip, { ...(vips.get(vip) ?? UNTOUCHED), ...change });
  for (const write of writes) {
    if (write.op === "ring") put(write.vip, { ring: write.ring });
    else if (write.op === "rings") write.rings.forEach((ring, vip) => put(vip, { ring }));
    else if (write.op === "vip-info" && write.config === null) put(write.vip, { removed: true });
    else if (write.op === "vip-info" && write.config !== null) {
      put(write.vip, { config: write.config });
    } else if (write.op === "down" && write.down) {
      put(write.vip, { down: [...(vips.get(write.vip)?.down ?? []), write.real] });
    }
  }
  return vips;
}
