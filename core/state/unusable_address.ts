import { unusableKind } from "../addr/address_kind.ts";
import type { RealConfig, VipKey } from "./types.ts";

/**
 * Why no client can reach a VIP.
 *
 * @param key the VIP; a prefix of zero bits and the like are in order
 * @returns words that follow "VIP x": `is a loopback address`; null if one can
 */
export function unusableVip({ address, prefixLength }: VipKey): string | null {
  const kind = unusableKind(address);
  const isWhole = prefixLength === (address.family === 4 ? 32 : 128);
  return kind === null || (kind === "unspecified" && !isWhole) ? null : `is ${kind}`;
}

/**
 * Why packets of a VIP cannot be sent to a real.
 *
 * @param real the real; a local one may have the VIP's address
 * @param vip the VIP
 * @returns words that follow "Real x": `is a loopback address`; null if they can
 */
export function unusableReal({ address, local }: RealConfig, vip: VipKey): string | null {
  const kind = unusableKind(address);
  if (kind !== null) return `is ${kind}`;
  return !local && address.text === vip.address.text ? "has the VIP's own address" : null;
}
