import type { FlowEntry, State, VipState } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";

/** The entries of the flow table that belong to one VIP. */
export interface VipFlowStats {
  /** Key text; `#3` for a deleted VIP. */
  readonly vip: string;
  readonly name: string;
  readonly total: number;
  /** On reals that are deleted, or down for this VIP: the data plane passes them over. */
  readonly stale: number;
  /** By the time since the last packet: less than 30 s, 30 to 60 s, longer. */
  readonly recent: number;
  readonly quiet: number;
  readonly old: number;
}

/** All entries. */
export interface FlowStats {
  /** Sorted by VIP. */
  readonly vips: readonly VipFlowStats[];
  readonly total: number;
  readonly capacity: number;
}

const RECENT_S = 30;
const QUIET_S = 60;

/**
 * Counts the flow table by VIP, staleness and age.
 *
 * @param state what the kernel holds
 * @param flows entries of the flow table
 * @param ageOf seconds since the last packet of an entry
 */
export function flowStats(
  state: State,
  flows: Iterable<FlowEntry>,
  ageOf: (flow: FlowEntry) => number,
): FlowStats {
  const counts = new Map<number, { -readonly [K in keyof VipFlowStats]: VipFlowStats[K] }>();
  let total = 0;
  for (const flow of flows) {
    const count = counts.get(flow.vip) ?? emptyCount(flow.vip, state.vips.get(flow.vip));
    counts.set(flow.vip, count);
    const age = ageOf(flow);
    count[age < RECENT_S ? "recent" : age <= QUIET_S ? "quiet" : "old"]++;
    if (isStale(state, flow)) count.stale++;
    count.total++;
    total++;
  }
  const vips = [...counts.values()].sort((a, b) => a.vip < b.vip ? -1 : 1);
  return { vips, total, capacity: state.capacity.maxFlows };
}

/**
 * Whether the data plane passes an entry over.
 *
 * @param state what the kernel holds
 * @param flow an entry of the flow table
 */
export function isStale({ reals, vips }: State, { vip, real }: FlowEntry): boolean {
  return !reals.has(real) || vips.get(vip)?.down.has(real) !== false;
}

function emptyCount(index: number, vip: VipState | undefined) {
  const text = vip === undefined ? `#${index}` : vipKeyText(vip.config);
  const name = vip?.config.name ?? "";
  return { vip: text, name, total: 0, stale: 0, recent: 0, quiet: 0, old: 0 };
}
