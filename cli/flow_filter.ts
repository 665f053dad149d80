import type { Address } from "../core/addr/types.ts";
import type { FlowEntry, Protocol, State } from "../core/state/types.ts";
import { CliError } from "./errors.ts";
import { Exit } from "./exit.ts";
import { findVipOrFail } from "./find_vip.ts";
import { type VipEndpoint, vipKey } from "./parameters.ts";

/** Flows that a command line asks for: of one VIP, of one real, or both. */
export interface FlowQuestion {
  readonly protocol?: Protocol | undefined;
  readonly endpoint?: VipEndpoint | undefined;
  readonly real?: Address | undefined;
}

/**
 * What tells the flows that are asked for.
 *
 * @param state what the kernel holds
 * @param question VIP and real; what is left out may be any
 * @throws {CliError} if there is no such VIP or real
 */
export function flowFilter(
  state: State,
  { protocol, endpoint, real }: FlowQuestion,
): (flow: FlowEntry) => boolean {
  if (protocol !== undefined && endpoint === undefined) {
    throw new CliError("Missing the endpoint of the VIP", "as in 198.51.100.10:80", Exit.usage);
  }
  const vip = protocol === undefined || endpoint === undefined
    ? null
    : findVipOrFail(state, vipKey(protocol, endpoint)).index;
  const index = real === undefined ? null : findReal(state, real);
  return (flow) => (vip === null || flow.vip === vip) && (index === null || flow.real === index);
}

function findReal(state: State, { text }: Address): number {
  const real = [...state.reals.values()].find(({ config }) => config.address.text === text);
  if (real !== undefined) return real.index;
  const hint = "see: weir real list, weir server list";
  throw new CliError(`Cannot find real "${text}" on balancer "${state.balancer}"`, hint);
}
