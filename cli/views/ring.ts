import type { Address } from "../../core/addr/types.ts";
import { ringDigest, SLOT_REAL_MASK, SLOT_UNSTABLE } from "../../core/ring/mod.ts";
import type { Ring, State, VipState } from "../../core/state/types.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import { CliError } from "../errors.ts";
import { table, type TableOptions } from "../term/table.ts";
import { grouped, percent } from "./numbers.ts";
import { paintState } from "./real_list.ts";

/** A real's part of a ring. */
export interface RingShare {
  readonly address: string;
  readonly name: string;
  readonly weight: number;
  readonly state: string;
  /** Slots that name it now. */
  readonly slots: number;
  /** Slots whose older flows it keeps. */
  readonly previous: number;
}

/** `weir ring show --json` */
export interface RingData {
  readonly balancer: string;
  readonly vip: string;
  readonly algorithm: string;
  readonly digest: string;
  /** Counts rings written for this VIP. */
  readonly generation: number;
  readonly slots: number;
  /** Slots that changed within a living flow's time. */
  readonly unstable: number;
  /** Slots without a real: their packets drop as no_real. */
  readonly empty: number;
  readonly reals: readonly RingShare[];
}

/**
 * How a ring is shared.
 *
 * @param state what the balancer holds
 * @param vip the VIP
 * @param ring its ring
 */
export function ringData(state: State, vip: VipState, ring: Ring): RingData {
  const slots = new Map<number, number>();
  const previous = new Map<number, number>();
  const count = (map: Map<number, number>, real: number) => map.set(real, (map.get(real) ?? 0) + 1);
  let unstable = 0;
  for (const slot of ring.slots) {
    count(slots, slot & SLOT_REAL_MASK);
    if ((slot & SLOT_UNSTABLE) !== 0) unstable++;
  }
  for (const real of ring.prev) count(previous, real);
  const indices = new Set([...vip.members.keys(), ...slots.keys(), ...previous.keys()]);
  indices.delete(0);
  const reals = [...indices].map((index): RingShare => {
    const config = state.reals.get(index)?.config;
    const member = vip.members.get(index);
    return {
      address: config?.address.text ?? `#${index}`,
      name: config?.name ?? "",
      weight: member?.weight ?? 0,
      state: member?.state ?? "deleted",
      slots: slots.get(index) ?? 0,
      previous: previous.get(index) ?? 0,
    };
  });
  return {
    balancer: state.balancer,
    vip: vipKeyText(vip.config),
    algorithm: vip.config.ringHash,
    digest: digestOf(state, vip, ring),
    generation: ring.generation,
    slots: ring.slots.length,
    unstable,
    empty: slots.get(0) ?? 0,
    reals: reals.sort((a, b) => a.address < b.address ? -1 : 1),
  };
}

/**
 * The digest of a ring, equal on all balancers that send every flow to the same address.
 *
 * @param state what the balancer holds
 * @param vip the VIP
 * @param ring its ring
 */
export function digestOf(state: State, vip: VipState, ring: Ring): string {
  return ringDigest(ring.slots, vip.config.ringHash, (real): Address => {
    const known = state.reals.get(real);
    if (known !== undefined) return known.config.address;
    throw new CliError(`Cannot digest the ring: it names real "#${real}", which has no address`);
  });
}

/**
 * Draws the shares of a ring.
 *
 * @param data the ring
 * @param options width and colour
 */
export function ringLines(data: RingData, options: TableOptions): readonly string[] {
  // Who is drained or down wants nothing.
  const wanted = ({ state, weight }: RingShare) => state === "up" ? weight : 0;
  const weights = data.reals.reduce((sum, real) => sum + wanted(real), 0);
  const number = (title: string) => ({ title, align: "right" }) as const;
  const columns = [
    { title: "REAL" },
    { title: "NAME", flexible: true },
    { title: "STATE" },
    number("WEIGHT"),
    number("WANTED"),
    number("SLOTS"),
    number("SHARE"),
    number("OLD FLOWS OF"),
  ];
  const rows = data.reals.map((real) => [
    real.address,
    real.name,
    paintState(real.state, options.style),
    String(real.weight),
    percent(wanted(real), weights),
    grouped(real.slots),
    percent(real.slots, data.slots),
    real.previous === 0 ? "" : `${grouped(real.previous)} slots`,
  ]);
  const empty = data.empty === 0 ? [] : [
    options.style.red(`! ${grouped(data.empty)} slots have no real: their packets drop as no_real`),
  ];
  return [
    `Ring of ${data.vip}: ${data.algorithm}, digest ${data.digest}, generation ${data.generation}`,
    `${grouped(data.unstable)} of ${grouped(data.slots)} slots are unstable` +
    (data.unstable === 0
      ? ""
      : ": flows are remembered there until older ones have ended; weir ring settle"),
    "",
    ...table(columns, rows, options),
    ...empty,
  ];
}
