import type { Desired, Member, State } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";

/**
 * The VIPs that a wish leaves without a real that takes new flows: new ones, and running ones that
 * have such a real now. A VIP that already has none does not count: leaving it so changes nothing.
 *
 * @param state what the kernel holds
 * @param desired what is wanted
 * @returns key texts, in the order of the wish
 */
export function emptiedVips(state: State, desired: Desired): readonly string[] {
  const running = new Map([...state.vips.values()].map((vip) => [vipKeyText(vip.config), vip]));
  const addresses = new Map(
    [...state.reals.values()].map(({ index, config }) => [config.address.text, index]),
  );
  return desired.vips.flatMap(({ config, members }) => {
    const key = vipKeyText(config);
    const now = running.get(key)?.members ?? new Map<number, Member>();
    const wasEmpty = running.has(key) && ![...now.values()].some(isUsable);
    const stateNow = (address: string) => now.get(addresses.get(address) ?? -1)?.state ?? "up";
    const hasReal = members.some(({ real, weight, state }) =>
      isUsable({ weight, state: state ?? stateNow(real.address.text) })
    );
    return hasReal || wasEmpty ? [] : [key];
  });
}

function isUsable({ weight, state }: Member): boolean {
  return weight > 0 && state === "up";
}
