import { type Rates, rates } from "../metrics/rates.ts";
import type { Sample } from "../metrics/types.ts";
import { movedSlots, NO_REAL, RING_SIZE, SLOT_REAL_MASK } from "../ring/mod.ts";
import type { FlowEntry, Ring, State, VipConfig, VipFlag, VipState } from "../state/types.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { isIdle } from "./living_flows.ts";
import type { Plan, PlanOptions } from "./types.ts";
import { type VipWrites, writesByVip } from "./writes_by_vip.ts";

/** Flows that lose their real at once. */
export interface Breakage {
  /** Addresses of the reals that they are on; empty: no flow breaks. */
  readonly reals: readonly string[];
  /** Their packets per second. */
  readonly packets: number;
  /** Of them in the flow table; flows on stable slots are in none. */
  readonly flows: number;
}

/** What a plan does to the traffic of one VIP that runs. */
export interface VipImpact {
  /** Key text. */
  readonly vip: string;
  /** Slots whose real changes. */
  readonly moved: number;
  /** Packets per second on these slots now, by the counters of their reals. */
  readonly packets: number;
  /** New flows per second that will go to other reals. */
  readonly newFlows: number;
  /** Entries of the flow table that name reals which lose slots, or which break. */
  readonly flows: number;
  /** The flows that do not stay where they are; the others do. */
  readonly breaks: Breakage;
}

/** The blast radius of a plan. */
export interface Impact {
  /** For how long traffic was measured, seconds. */
  readonly seconds: number;
  /** VIPs that run and whose traffic is touched. */
  readonly vips: readonly VipImpact[];
  /** Bytes of kernel memory that come (or go, if negative). */
  readonly memory: number;
}

/** What the impact is computed from. */
export interface ImpactInput {
  readonly state: State;
  /** The current ring of a VIP index. */
  readonly rings: (vip: number) => Ring | null;
  /** Counters at two instants. */
  readonly samples: readonly [Sample, Sample];
  readonly options: PlanOptions;
}

/** Flags that say which real a flow goes to: with another value established flows go elsewhere. */
const CHOOSING: ReadonlySet<VipFlag> = new Set<VipFlag>([
  "no-source-port",
  "dport-hash",
  "hash-src-dst-port",
  "source-routing",
  "quic",
  "udp-stable",
  "tcp-server-id",
]);

/** One ring in the kernel: struct ring of abi.h. */
const RING_BYTES = 262_160;

/**
 * Works out what the writes of a plan do to live traffic.
 *
 * @param plan the plan, made for the state
 * @param input state, rings, rates and the flow table
 */
export function planImpact({ writes }: Plan, input: ImpactInput): Impact {
  const { state, samples: [first, second], options, rings } = input;
  const traffic = rates(first, second);
  const changes = writesByVip(writes);
  const touched = [...changes].flatMap(([index, change]) => {
    const vip = state.vips.get(index);
    return vip === undefined ? [] : [{ vip, change, before: rings(index) }];
  });
  const flows = touched.length === 0 ? new Map() : flowsByReal(touched, options);
  const vips = touched.map(({ vip, change, before }) =>
    vipImpact(vip, {
      ...{ change, before, state, traffic, sample: second },
      flows: flows.get(vip.index) ?? new Map(),
    })
  );
  return {
    seconds: traffic.seconds,
    vips: vips.filter(({ moved, breaks }) => moved > 0 || breaks.reals.length > 0),
    memory: RING_BYTES * ringsToCome(state, changes),
  };
}

/**
 * Whether a plan breaks flows that there may be: on reals that ever got a packet.
 *
 * @param impact of the plan
 */
export function breaksFlows({ vips }: Impact): boolean {
  return vips.some(({ breaks }) => breaks.reals.length > 0);
}

interface VipInput {
  readonly change: VipWrites;
  readonly before: Ring | null;
  readonly state: State;
  readonly traffic: Rates;
  /** The later one. */
  readonly sample: Sample;
  /** Entries of the flow table by real. */
  readonly flows: ReadonlyMap<number, number>;
}

function vipImpact(vip: VipState, input: VipInput): VipImpact {
  const { change, before, state, traffic, sample, flows } = input;
  const none = new Uint16Array(RING_SIZE);
  const from = before?.slots ?? none;
  const to = change.removed || change.ring === null ? none : change.ring?.slots ?? from;
  const { total, moved } = slotsByReal(from, to);
  const broken = brokenShares(vip, change, total, moved);
  const ever = (real: number) => (sample.reals.get(real)?.packets ?? 0n) > 0n;
  const reals = [...broken.keys()].filter(ever);
  const { packets: most = 0, newFlows = 0 } = traffic.vips.get(vip.index) ?? {};
  // A real's counter sums up all its VIPs, so the VIP's own bounds it.
  const packets = (real: number, share: number) =>
    share * Math.min(most, traffic.reals.get(real)?.packets ?? 0);
  const sum = (keys: Iterable<number>, of: (real: number) => number) =>
    [...keys].reduce((all, real) => all + of(real), 0);
  const share = (real: number) => (moved.get(real) ?? 0) / (total.get(real) ?? 1);
  const entries = (real: number) => flows.get(real) ?? 0;
  const movement = movedSlots(from, to);
  return {
    vip: vipKeyText(vip.config),
    moved: movement.moved,
    packets: sum(moved.keys(), (real) => packets(real, share(real))),
    newFlows: newFlows * movement.moved / RING_SIZE,
    flows: sum(new Set([...moved.keys(), ...reals]), entries),
    breaks: {
      reals: reals.map((real) => state.reals.get(real)?.config.address.text ?? `#${real}`),
      packets: sum(reals, (real) => packets(real, broken.get(real) ?? 0)),
      flows: sum(reals, entries),
    },
  };
}

/** Reals whose flows lose them at once, and which share of the real's flows of this VIP that is. */
function brokenShares(
  { config, members }: VipState,
  change: VipWrites,
  total: ReadonlyMap<number, number>,
  moved: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const all = (reals: Iterable<number>) => new Map([...reals].map((real) => [real, 1]));
  if (change.removed) return all([...members.keys()]);
  const next = change.config ?? config;
  if (choosesAnew(config, next)) return all(total.keys());
  const down = all(change.down);
  if (next.affinity !== "none") return down;
  const forgotten = [...moved].map(([real, slots]) =>
    [real, slots / (total.get(real) ?? slots)] as const
  );
  return new Map([...forgotten, ...down]);
}

function choosesAnew(from: VipConfig, to: VipConfig): boolean {
  return [...CHOOSING].some((flag) => from.flags.includes(flag) !== to.flags.includes(flag));
}

/** By real: slots that it has, and slots of these that it loses. */
function slotsByReal(from: Uint16Array, to: Uint16Array) {
  const total = new Map<number, number>();
  const moved = new Map<number, number>();
  for (let i = 0; i < from.length; i++) {
    const real = (from[i] ?? NO_REAL) & SLOT_REAL_MASK;
    if (real === NO_REAL) continue;
    total.set(real, (total.get(real) ?? 0) + 1);
    if (((to[i] ?? NO_REAL) & SLOT_REAL_MASK) !== real) moved.set(real, (moved.get(real) ?? 0) + 1);
  }
  return { total, moved };
}

/** Living entries of the flow table by VIP index and real, for these VIPs. */
function flowsByReal(
  touched: readonly { readonly vip: VipState }[],
  { flows, now, idle }: PlanOptions,
): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const counts = new Map(touched.map(({ vip }) => [vip.index, new Map<number, number>()]));
  const idleOf = new Map(touched.map(({ vip }) => [vip.index, idle[vip.config.protocol]]));
  for (const { vip, real, lastSeen } of flows() as Iterable<FlowEntry>) {
    const own = counts.get(vip);
    if (own === undefined || isIdle(lastSeen, now, idleOf.get(vip) ?? 0)) continue;
    own.set(real, (own.get(real) ?? 0) + 1);
  }
  return counts;
}

function ringsToCome(state: State, changes: ReadonlyMap<number, VipWrites>): number {
  let rings = 0;
  for (const [index, { removed, ring }] of changes) {
    const had = (state.vips.get(index)?.members.size ?? 0) > 0 ? 1 : 0;
    const stays = removed ? 0 : had;
    const has = ring === undefined ? stays : ring === null ? 0 : 1;
    rings += has - had;
  }
  return rings;
}
