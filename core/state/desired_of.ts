import { desiredTables } from "./tables.ts";
import type { Desired, DesiredMember, DesiredVip, State, VipState } from "./types.ts";
import { vipKeyText } from "./vip_key.ts";

/**
 * Reads a running balancer as if it were a configuration: planning it changes nothing. Single commands
 * edit this and plan the result, so they and `apply` share one planner.
 *
 * @param state what the kernel holds
 * @returns VIPs by key, members by address, every member with its state
 */
export function desiredOf(state: State): Desired {
  const vips = [...state.vips.values()].map((vip) => desiredVip(state, vip));
  return {
    vips: vips.sort((a, b) => compare(vipKeyText(a.config), vipKeyText(b.config))),
    tables: desiredTables(state),
  };
}

function desiredVip(state: State, vip: VipState): DesiredVip {
  const members: DesiredMember[] = [];
  for (const [index, member] of vip.members) {
    const real = state.reals.get(index);
    // A member whose real is unknown can only be the rest of a killed command: leave it out.
    if (real !== undefined) members.push({ real: real.config, ...member });
  }
  members.sort((a, b) => compare(a.real.address.text, b.real.address.text));
  return { config: vip.config, members };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
