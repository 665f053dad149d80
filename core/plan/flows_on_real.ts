import type { State, VipKey } from "../state/types.ts";
import { findVip } from "../state/find_vip.ts";
import { isIdle } from "./living_flows.ts";
import type { PlanOptions } from "./types.ts";

/**
 * Counts the flows of a VIP that a real still serves: entries of the flow table seen lately. After a
 * drain every older flow of the real gets an entry with its next packet.
 *
 * @param state what the kernel holds
 * @param key the VIP
 * @param real address text of the real
 * @param options clock and flow table
 * @param quiet ticks; a flow silent for longer does not count
 * @returns 0 also if there is no such VIP or real
 */
export function flowsOnReal(
  state: State,
  key: VipKey,
  real: string,
  options: PlanOptions,
  quiet: number,
): number {
  const vip = findVip(state, key);
  const found = [...state.reals.values()].find(({ config }) => config.address.text === real);
  if (vip === null || found === undefined) return 0;
  let count = 0;
  for (const flow of options.flows()) {
    if (flow.vip !== vip.index || flow.real !== found.index) continue;
    if (!isIdle(flow.lastSeen, options.now, quiet)) count++;
  }
  return count;
}
