import { parseMac } from "../core/addr/parse_mac.ts";
import type { Address } from "../core/addr/types.ts";
import type { Gateway } from "./gateway.ts";
import { interfaceName } from "./interfaces.ts";
import { ip } from "./ip_command.ts";
import { neighbourMac, nextHop } from "./next_hop.ts";

/** What the kernel says of an interface and who is behind it. */
export interface LinkInspection {
  /** Switched on. */
  readonly up: boolean;
  /** Plugged in. */
  readonly carrier: boolean;
  /** Bytes. */
  readonly mtu: number;
  /** Like `veth`; null: a device of its own. */
  readonly kind: string | null;
  /** Next hops whose MAC is known: towards the real, then by the default route. */
  readonly hops: readonly Gateway[];
  /** MACs of all neighbours, six bytes each. */
  readonly neighbours: readonly Uint8Array[];
}

/** An interface as `ip -j -d link` prints it. */
interface Link {
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly linkinfo?: { readonly info_kind?: string };
}

/**
 * Looks at a balancer's interface. Nothing is sent.
 *
 * @param ifname Its name.
 * @param ifindex Its index; another interface of the name is not the balancer's.
 * @param towards A real; null: look at the default route only.
 * @returns null when there is no such interface in this network namespace.
 * @throws {DataplaneError} When iproute2 is not installed.
 */
export async function inspectLink(
  ifname: string,
  ifindex: number,
  towards: Address | null,
): Promise<LinkInspection | null> {
  if (interfaceName(ifindex) !== ifname) return null;
  const [link] = await ip<Link>(["-d", "link", "show", "dev", ifname]);
  if (link === undefined) return null;
  const hops: Gateway[] = [];
  for (const target of towards === null ? [null] : [towards, null]) {
    const hop = await knownHop(ifname, target);
    if (hop !== null && !hops.some(({ address }) => address.text === hop.address.text)) {
      hops.push(hop);
    }
  }
  const neighbours = await ip<{ readonly lladdr?: string }>(["neigh", "show", "dev", ifname]);
  return {
    up: link.flags.includes("UP"),
    carrier: link.flags.includes("LOWER_UP"),
    mtu: link.mtu,
    kind: link.linkinfo?.info_kind ?? null,
    hops,
    neighbours: neighbours.flatMap(({ lladdr }) => parseMac(lladdr ?? "") ?? []),
  };
}

/** @returns null without a route, or while the MAC is not known */
async function knownHop(ifname: string, towards: Address | null): Promise<Gateway | null> {
  const address = await nextHop(ifname, towards).catch(() => null);
  const mac = address === null ? null : await neighbourMac(ifname, address);
  return address === null || mac === null ? null : { address, mac };
}
