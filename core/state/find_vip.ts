import type { State, VipKey, VipState } from "./types.ts";
import { vipKeyText } from "./vip_key.ts";

/**
 * Finds a VIP by its identity.
 *
 * @param state what the kernel holds
 * @param key identity of the VIP
 * @returns the VIP, or null if there is none
 */
export function findVip(state: State, key: VipKey): VipState | null {
  const text = vipKeyText(key);
  for (const vip of state.vips.values()) {
    if (vipKeyText(vip.config) === text) return vip;
  }
  return null;
}
