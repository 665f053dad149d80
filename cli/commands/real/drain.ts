import type { Address } from "../../../core/addr/types.ts";
import type { Dataplane } from "../../../core/dataplane.ts";
import { rates } from "../../../core/metrics/rates.ts";
import { flowsOnReal } from "../../../core/plan/flows_on_real.ts";
import { planOptions, ticks } from "../../../core/plan/plan_options.ts";
import type { Protocol, VipKey } from "../../../core/state/types.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { changeBalancer, editRequest } from "../../change.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { openBalancer } from "../../open_balancer.ts";
import { type CommonFlags, type VipEndpoint, vipKey } from "../../parameters.ts";
import { formatDuration } from "../../parse_duration.ts";
import { progress } from "../../progress.ts";
import { show } from "../../show.ts";
import { type DrainData, drainLine } from "../../views/progress.ts";
import { turnReal } from "./turn.ts";

/** Flags of `weir real drain`. */
export interface DrainFlags extends CommonFlags {
  /** Seconds to wait at most; left out: do not wait. */
  readonly wait?: number;
  /** Seconds of silence after which a flow counts as gone. */
  readonly quiet: number;
}

/** Between two looks, s. */
const INTERVAL = 1;

/** `weir real drain <protocol> <endpoint> <address> [--wait <time>]` */
export async function drainCommand(
  host: Host,
  flags: DrainFlags,
  protocol: Protocol,
  endpoint: VipEndpoint,
  address: Address,
): Promise<ExitCode> {
  const key = vipKey(protocol, endpoint);
  const command = `real drain ${vipKeyText(key)} ${address.text}`;
  const { wait, quiet, json } = flags;
  await changeBalancer(host, flags, {
    ...editRequest(command, turnReal("drain", key, address)),
    silent: json && wait !== undefined,
  });
  if (wait === undefined) return Exit.ok;
  const data = await watchDrain(host, flags, { key, real: address.text, limit: wait, quiet });
  const end = data.finished
    ? `No flow is left on ${data.real} that sent anything for ${formatDuration(quiet)}`
    : `${data.flows} flows are left on ${data.real}; it stays drained`;
  show(host, flags, "drain", data, () => [end]);
  return data.finished ? Exit.ok : Exit.partly;
}

interface Drain {
  readonly key: VipKey;
  /** Address text. */
  readonly real: string;
  readonly limit: number;
  readonly quiet: number;
}

/** Looks every second until the last flow is gone, the time is over, or the user has had enough. */
async function watchDrain(host: Host, flags: CommonFlags, drain: Drain): Promise<DrainData> {
  using dataplane = await openBalancer(host, flags.balancer);
  using line = progress(host, flags.json);
  const signal = host.interrupted();
  const begin = host.clock.now();
  let before = dataplane.readSample();
  let peak = 0;
  for (;;) {
    await host.clock.sleep(INTERVAL * 1000, signal);
    const seconds = (host.clock.now() - begin) / 1000;
    const after = dataplane.readSample();
    const seen = look(dataplane, drain, rates(before, after).reals);
    before = after;
    peak = Math.max(peak, seen.flows);
    // A flow that was silent all the time has no entry yet: it gets its quiet time as well.
    const finished = seen.flows === 0 && seconds >= drain.quiet;
    const data: DrainData = {
      ...{ balancer: flags.balancer, vip: vipKeyText(drain.key), real: drain.real },
      ...{ ...seen, peak, seconds, limit: drain.limit, finished },
    };
    const last = finished || seconds >= drain.limit || signal.aborted;
    line.show(drainLine(data), last);
    if (last) return data;
  }
}

function look(
  dataplane: Dataplane,
  { key, real, quiet }: Drain,
  reals: ReadonlyMap<number, { readonly packets: number }>,
): Pick<DrainData, "flows" | "packets"> {
  const state = dataplane.readState();
  const index = [...state.reals.values()].find(({ config }) => config.address.text === real)?.index;
  return {
    flows: flowsOnReal(state, key, real, planOptions(dataplane), ticks(quiet)),
    packets: reals.get(index ?? -1)?.packets ?? 0,
  };
}
