import { planOptions } from "../../../core/plan/plan_options.ts";
import { planUpkeep } from "../../../core/plan/plan_upkeep.ts";
import { SLOT_UNSTABLE } from "../../../core/ring/constants.ts";
import type { Protocol } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { execute, repair } from "../../carry_out.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { findVipOrFail } from "../../find_vip.ts";
import type { Host } from "../../host.ts";
import { lockBalancer } from "../../lock_balancer.ts";
import { notAttached, openBalancer, requireRoot } from "../../open_balancer.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";
import { show } from "../../show.ts";
import { type SettleData, settleLines } from "../../views/settle.ts";

/** `weir ring settle [<protocol> <endpoint>]`: forgets changes that no living flow needs any more. */
export async function settleCommand(
  host: Host,
  flags: CommonFlags,
  protocol?: Protocol,
  endpoint?: VipEndpoint,
): Promise<ExitCode> {
  requireRoot(host);
  if (protocol !== undefined && endpoint === undefined) {
    throw new CliError("Missing the endpoint of the VIP", "as in 198.51.100.10:80", Exit.usage);
  }
  const attachment = await host.describe(flags.balancer);
  if (attachment === null) throw notAttached(flags.balancer);
  using _lock = await lockBalancer(host, flags.balancer, "ring settle");
  using dataplane = await openBalancer(host, flags.balancer);
  const options = planOptions(dataplane, attachment.settings);
  repair(host, dataplane, options);
  const state = dataplane.readState();
  const rings = (vip: number) => dataplane.readRing(vip);
  const vips = protocol === undefined || endpoint === undefined
    ? [...state.vips.values()]
    : [findVipOrFail(state, vipKey(protocol, endpoint))];
  const scope = { vips: new Set(vips.map(({ index }) => index)), reals: true };
  const { settled, freed, writes } = planUpkeep(state, rings, options, scope);
  execute(dataplane, writes);
  const unsettled = vips.flatMap(({ index, config }) => {
    const slots = rings(index)?.slots.filter((slot) => (slot & SLOT_UNSTABLE) !== 0).length ?? 0;
    return slots === 0 ? [] : [{ vip: vipKeyText(config), slots }];
  });
  const data: SettleData = { balancer: state.balancer, settled, freed, unsettled };
  show(host, flags, "settled", data, () => settleLines(data));
  return Exit.ok;
}
