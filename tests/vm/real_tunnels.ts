import { run } from "../../scripts/lab/command.ts";
import type { Namespace } from "../../scripts/lab/namespace.ts";

/** tunl0, sit0 and ip6tnl0 come with their modules, in every namespace made later. */
const MODULES = ["ipip", "sit", "ip6_tunnel", "fou", "fou6"];

/** Loads the kernel's tunnels; before the namespaces that shall have their devices. */
export async function loadTunnelModules(): Promise<void> {
  await run(["modprobe", "--all", ...MODULES]);
}

/**
 * Opens the default tunnel devices of a real for whatever comes from whomever.
 *
 * @param real Where.
 */
export async function openTunnels(real: Namespace): Promise<void> {
  // Both inner families over IPv6; as it comes the device takes IPv6 only.
  await real.run(["ip", "-6", "tunnel", "change", "ip6tnl0", "mode", "any"]);
  for (const device of ["tunl0", "sit0", "ip6tnl0"]) {
    await real.run(["ip", "link", "set", device, "up"]);
    await real.sysctl(`net.ipv4.conf.${device}.rp_filter=0`);
  }
}

/**
 * Packets that a device received.
 *
 * @param namespace Where it is.
 * @param device Its name.
 * @returns Their number since it was made.
 */
export async function received(namespace: Namespace, device: string): Promise<number> {
  const text = await namespace.run(["ip", "-json", "-stats", "link", "show", "dev", device]);
  const [link] = JSON.parse(text);
  return link.stats64.rx.packets;
}
