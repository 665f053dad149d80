import type { Family } from "../core/addr/types.ts";
import type { Attachment, LinkReport } from "./host.ts";

/** Packets of clients as they come from most networks, bytes. */
const CLIENT_PACKET = 1500;
/** Outer IP header, bytes. */
const OUTER: Readonly<Record<Family, number>> = { 4: 20, 6: 40 };

/**
 * What somebody who attaches a balancer should know of its interface.
 *
 * @param attachment how it is attached
 * @param link the interface; null: not known
 * @param families address families of the reals; empty: not known yet
 * @returns sentences without a full stop
 */
export function attachNotes(
  { ifname, mode, settings }: Attachment,
  link: LinkReport | null,
  families: readonly Family[],
): readonly string[] {
  if (link === null) return [];
  return [
    ...(link.up ? [] : [`Interface ${ifname} is down: ip link set ${ifname} up`]),
    ...(settings.pathMtu === 0 ? mtuNotes(ifname, link.mtu, families) : []),
    ...(link.kind === "veth" && mode === "native"
      ? [
        `${ifname} is a veth: packets sent are lost unless its peer has an XDP program too; ` +
        "weir decap attach on the peer is enough",
      ]
      : []),
  ];
}

function mtuNotes(ifname: string, mtu: number, families: readonly Family[]): readonly string[] {
  const outer = Math.max(...(families.length === 0 ? [4 as const] : families).map((f) => OUTER[f]));
  const room = mtu - outer;
  if (room >= CLIENT_PACKET) return [];
  return [
    `Packets of clients above ${room} bytes are lost: the MTU of ${ifname} is ${mtu}, and the outer ` +
    `header takes ${outer}; raise it here and towards the reals, or tell clients: ` +
    `weir upgrade --path-mtu ${mtu}`,
  ];
}
