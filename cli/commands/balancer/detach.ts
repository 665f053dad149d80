import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { lockBalancer } from "../../lock_balancer.ts";
import { notAttached, requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";

/** `weir detach`: takes the program off the interface and its maps with it. */
export async function detachCommand(host: Host, flags: CommonFlags): Promise<ExitCode> {
  requireRoot(host);
  const { balancer } = flags;
  const attachment = await host.describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  using _lock = await lockBalancer(host, balancer, "detach");
  await host.detach(balancer);
  const data = { balancer, ifname: attachment.ifname };
  show(host, flags, "detached", data, () => [
    `Balancer "${balancer}" is off ${attachment.ifname}`,
  ]);
  return Exit.ok;
}
