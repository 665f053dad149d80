import type { Protocol } from "../../../core/state/types.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { findVipOrFail } from "../../find_vip.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";
import { show } from "../../show.ts";
import { ringData, ringLines } from "../../views/ring.ts";

/** `weir ring show <protocol> <endpoint>` */
export async function showRingCommand(
  host: Host,
  flags: CommonFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const state = dataplane.readState();
  const vip = findVipOrFail(state, vipKey(protocol, endpoint));
  const ring = dataplane.readRing(vip.index);
  if (ring === null) {
    throw new CliError(
      "This VIP has no ring, for it has no reals",
      "add one with: weir real add <protocol> <endpoint> <address>",
    );
  }
  const data = ringData(state, vip, ring);
  show(host, flags, "ring", data, (options) => ringLines(data, options));
  return Exit.ok;
}
