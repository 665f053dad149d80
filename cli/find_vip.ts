import { nearest } from "../core/config/nearest.ts";
import { findVip } from "../core/state/find_vip.ts";
import type { State, VipKey, VipState } from "../core/state/types.ts";
import { vipKeyText } from "../core/state/vip_key.ts";
import { CliError } from "./errors.ts";

/**
 * Finds the VIP that a command names.
 *
 * @param state what the kernel holds
 * @param key identity of the VIP
 * @throws {CliError} if there is none
 */
export function findVipOrFail(state: State, key: VipKey): VipState {
  const vip = findVip(state, key);
  if (vip !== null) return vip;
  const text = vipKeyText(key);
  const near = nearest(text, [...state.vips.values()].map(({ config }) => vipKeyText(config)), 2);
  const hint = near === null ? "see: weir vip list" : `did you mean "${near}"?`;
  throw new CliError(`Cannot find VIP "${text}" on balancer "${state.balancer}"`, hint);
}
