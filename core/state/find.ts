import type { Address } from "../addr/types.ts";
import type { RealState, State, VipKey, VipState } from "./types.ts";
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

/**
 * Finds a real by its address, retired ones included.
 *
 * @param state what the kernel holds
 * @param address address of the real
 * @returns the real, or null if it is unknown
 */
export function findReal(state: State, address: Address): RealState | null {
  for (const real of state.reals.values()) {
    if (real.config.address.text === address.text) return real;
  }
  return null;
}
