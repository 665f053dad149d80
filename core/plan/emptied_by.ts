import type { Write } from "../dataplane.ts";
import type { Member, State } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";

/**
 * The running VIPs whose last real that takes new flows goes by a plan.
 *
 * @param state what the kernel holds
 * @param writes of the plan
 * @returns key texts, in the order of their indices; VIPs that are deleted are not among them
 */
export function emptiedBy(state: State, writes: readonly Write[]): readonly string[] {
  const members = new Map([...state.vips].map(([vip, { members }]) => [vip, new Map(members)]));
  const deleted = new Set<number>();
  for (const write of writes) {
    if (write.op === "vip-info" && write.config === null) deleted.add(write.vip);
    if (write.op !== "member") continue;
    if (write.member === null) members.get(write.vip)?.delete(write.real);
    else members.get(write.vip)?.set(write.real, write.member);
  }
  return [...state.vips.values()]
    .filter(({ index, members: before }) =>
      !deleted.has(index) && takesFlows(before) && !takesFlows(members.get(index) ?? new Map())
    )
    .map(({ config }) => vipKeyText(config));
}

function takesFlows(members: ReadonlyMap<number, Member>): boolean {
  return [...members.values()].some(({ weight, state }) => weight > 0 && state === "up");
}
