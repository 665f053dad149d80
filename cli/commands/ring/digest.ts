import type { Protocol } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { findVipOrFail } from "../../find_vip.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";
import { show } from "../../show.ts";
import { digestOf } from "../../views/ring.ts";

/** `weir ring digest [<protocol> <endpoint>]`: lines as of sha256sum, to be compared with diff. */
export async function ringDigestCommand(
  host: Host,
  flags: CommonFlags,
  protocol?: Protocol,
  endpoint?: VipEndpoint,
): Promise<ExitCode> {
  if (protocol !== undefined && endpoint === undefined) {
    throw new CliError("Missing the endpoint of the VIP", "as in 198.51.100.10:80", Exit.usage);
  }
  using dataplane = await openBalancer(host, flags.balancer);
  const state = dataplane.readState();
  const vips = protocol === undefined || endpoint === undefined
    ? [...state.vips.values()]
    : [findVipOrFail(state, vipKey(protocol, endpoint))];
  const digests = vips.map((vip) => {
    const ring = dataplane.readRing(vip.index);
    return {
      vip: vipKeyText(vip.config),
      digest: ring === null ? null : digestOf(state, vip, ring),
    };
  }).sort((a, b) => a.vip < b.vip ? -1 : 1);
  const data = { balancer: state.balancer, digests };
  show(
    host,
    flags,
    "ring-digests",
    data,
    () => digests.map(({ vip, digest }) => `${digest ?? "-".repeat(16)}  ${vip}`),
  );
  return Exit.ok;
}
