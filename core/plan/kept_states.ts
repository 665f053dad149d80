import type { Desired, MemberState, State } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";

/**
 * Members that are drained or down and stay so because a wish does not say.
 *
 * @param state what the kernel holds
 * @param desired what is wanted
 */
export function keptStates(
  state: State,
  desired: Desired,
): Readonly<Record<Exclude<MemberState, "up">, number>> {
  const kept = { drained: 0, down: 0 };
  const running = new Map([...state.vips.values()].map((vip) => [vipKeyText(vip.config), vip]));
  const indices = new Map(
    [...state.reals.values()].map(({ index, config }) => [config.address.text, index]),
  );
  for (const { config, members } of desired.vips) {
    const now = running.get(vipKeyText(config))?.members;
    for (const { real, state: wanted } of members) {
      const live = now?.get(indices.get(real.address.text) ?? -1)?.state ?? "up";
      if (wanted === null && live !== "up") kept[live]++;
    }
  }
  return kept;
}
