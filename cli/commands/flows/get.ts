import type { Endpoint } from "../../../core/addr/types.ts";
import type { Dataplane } from "../../../core/dataplane.ts";
import { flowSlots } from "../../../core/plan/flow_slots.ts";
import { SLOT_REAL_MASK } from "../../../core/ring/mod.ts";
import type { FlowEntry, Protocol, State, VipState } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import { findVipOrFail } from "../../find_vip.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";
import { show } from "../../show.ts";
import { type FlowRow, flowRow } from "../../views/flows.ts";

/** Flags of `weir flows get`. */
export interface GetFlowFlags extends CommonFlags {
  readonly destinationPort?: number;
}

/** `weir flows get --json` */
interface FlowData extends FlowRow {
  readonly balancer: string;
  /** Who says so: an entry of the flow table, or the ring. */
  readonly by: "flow-table" | "ring";
}

/** `weir flows get <protocol> <endpoint> <client>`: where the packets of one flow go, and why. */
export async function getFlowCommand(
  host: Host,
  flags: GetFlowFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
  client: Endpoint,
): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  const state = dataplane.readState();
  const vip = findVipOrFail(state, vipKey(protocol, endpoint));
  const wanted = wantedFlow(vip, client, flags.destinationPort);
  const data = remembered(dataplane, state, wanted) ?? ofRing(dataplane, state, vip, wanted);
  show(host, flags, "flow", data, () => [
    data.by === "ring"
      ? `${data.source} goes to ${data.real}, as the ring says; the flow is not remembered`
      : `${data.source} goes to ${data.real}, as the flow table says, seen ${data.age} s ago`,
  ]);
  return Exit.ok;
}

function wantedFlow(
  { index, config }: VipState,
  { address, port }: Endpoint,
  given: number | undefined,
): FlowEntry {
  const { family, bytes } = address;
  if (family !== config.address.family) {
    throw new CliError(
      `Client "${address.text}" is not of the family of the VIP`,
      null,
      Exit.usage,
    );
  }
  if (config.port === 0 && given === undefined) {
    const key = vipKeyText(config);
    throw new CliError(
      `VIP "${key}" has every port`,
      "say which with --destination-port",
      Exit.usage,
    );
  }
  return {
    vip: index,
    source: family === 4 ? bytes.subarray(0, 4) : bytes,
    family,
    sourcePort: config.flags.includes("no-source-port") ? 0 : port,
    destinationPort: given ?? config.port,
    real: 0,
    lastSeen: 0,
  };
}

function remembered(dataplane: Dataplane, state: State, wanted: FlowEntry): FlowData | null {
  for (const flow of dataplane.flows()) {
    const isWanted = flow.vip === wanted.vip && flow.sourcePort === wanted.sourcePort &&
      flow.destinationPort === wanted.destinationPort &&
      flow.source.every((byte, i) => byte === wanted.source[i]);
    if (!isWanted) continue;
    const row = flowRow(state, flow, dataplane.now());
    return { balancer: state.balancer, by: "flow-table", ...row };
  }
  return null;
}

function ofRing(
  dataplane: Dataplane,
  state: State,
  vip: VipState,
  wanted: FlowEntry,
): FlowData {
  const slot = dataplane.readRing(vip.index)?.slots[flowSlots(vip.config, wanted)[0] ?? 0] ?? 0;
  const real = slot & SLOT_REAL_MASK;
  if (real === 0) {
    throw new CliError(`VIP "${vipKeyText(vip.config)}" has no real: packets drop as no_real`);
  }
  const now = dataplane.now();
  const row = flowRow(state, { ...wanted, real, lastSeen: now }, now);
  return { balancer: state.balancer, by: "ring", ...row };
}
