import type { Address } from "../core/addr/types.ts";
import type { State } from "../core/state/types.ts";
import type { Attachment, LinkReport } from "./host.ts";

/**
 * A real to look for the next hop on the way to: the first member of the first VIP.
 *
 * @param state what the balancer holds
 * @returns null if it has none
 */
export function firstReal({ vips, reals }: State): Address | null {
  for (const { members } of vips.values()) {
    for (const index of members.keys()) return reals.get(index)?.config.address ?? null;
  }
  return null;
}

/**
 * The next hop that `auto` means now: the one in use, as long as it is one.
 *
 * @param current MAC in use
 * @param link the interface; null: not known
 * @returns null if no neighbour is known
 */
export function betterGateway(current: string, link: LinkReport | null): string | null {
  const hops = link?.hops ?? [];
  return hops.find(({ mac }) => mac === current)?.mac ?? hops[0]?.mac ?? null;
}

/**
 * What is wrong with a balancer's interface or next hop.
 *
 * @param attachment the balancer
 * @param link its interface; null: not known
 * @returns sentences without a full stop
 */
export function linkProblems(
  { ifname, gatewayMac, gatewayAuto }: Attachment,
  link: LinkReport | null,
): readonly string[] {
  if (link === null) return [];
  if (!link.up) return [`Interface ${ifname} is down; ip link set ${ifname} up`];
  if (!link.carrier) return [`Interface ${ifname} has no carrier`];
  const better = betterGateway(gatewayMac, link);
  // A next hop that was given may be another neighbour than the routes say.
  const isChosen = !gatewayAuto && link.neighbours.includes(gatewayMac);
  if (better === null || better === gatewayMac || isChosen) return [];
  const address = link.hops.find(({ mac }) => mac === better)?.address.text ?? "";
  return [
    `Next hop is ${gatewayMac}, but neighbour ${address} is ${better}; ` +
    "weir upgrade --gateway-mac auto",
  ];
}
