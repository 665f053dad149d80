import type { PacketClass, WarmUp } from "../../core/bench/types.ts";
import { bestNull, type Cost, costOf, isQuiet, type Round } from "../../core/bench/statistics.ts";
import { yardstickOf } from "../../core/bench/verdict.ts";
import type { BpfProgram } from "../bpf_program.ts";
import type { BenchDriver, Traffic } from "./driver.ts";
import { REFERENCE_TRAFFIC, type ReferenceTarget } from "./reference_target.ts";
import type { WeirTarget } from "./weir_target.ts";

/** What a class is measured with. */
export interface Bench {
  readonly driver: BenchDriver;
  readonly reference: ReferenceTarget;
  readonly weir: WeirTarget;
}

/** How long to measure. */
export interface RoundPlan {
  /** Rounds that count. */
  readonly rounds: number;
  /** Packets a run. */
  readonly packets: number;
}

/** A class and the reference, measured in turns. */
export interface Measured {
  readonly cost: Cost;
  readonly reference: Cost;
}

/** Rounds to try for one that counts. */
const PATIENCE = 4;
/** Packets that show that a class is what it says, and how many of them must. A flow table that is
 * half full may have lost the entry of one flow in a hundred. */
const PROOF = 1000;
const ENOUGH_PROOF = 950;
/** The rate gate's window, with some room, ms. */
const GATE_MS = 1100;

/**
 * Measures one class on one load.
 *
 * @param bench Loaded programs; the reference knows its flows.
 * @param each The class.
 * @param plan How long.
 * @throws {Error} When packets do not go the way that the class says.
 */
export async function measureClass(
  bench: Bench,
  each: PacketClass,
  plan: RoundPlan,
): Promise<Measured> {
  const { driver, reference, weir } = bench;
  const traffic = await prepareClass(bench, each);
  const own: Round[] = [];
  const others: Round[] = [];
  const other = () => REFERENCE_TRAFFIC[yardstickOf(each)];
  for (let tries = 0; tries < PATIENCE * plan.rounds && !isEnough(own, others, plan); tries++) {
    own.push(measureRound(driver, weir.program, traffic, plan.packets));
    others.push(measureRound(driver, reference.program, other, plan.packets));
  }
  return { cost: costOf(own), reference: costOf(others) };
}

function isEnough(own: readonly Round[], others: readonly Round[], { rounds }: RoundPlan): boolean {
  return [own, others].every((all) =>
    all.length >= rounds &&
    all.filter((round) => isQuiet(round, bestNull(all))).length >= rounds
  );
}

/**
 * One turn: the empty program, the program, the empty program, with the same packets.
 *
 * @param driver Sends them.
 * @param program Under test.
 * @param traffic The packets; told how many the program gets, 0 for the empty one.
 * @param packets How many a run.
 */
export function measureRound(
  driver: BenchDriver,
  program: BpfProgram,
  traffic: (packets: number) => Traffic,
  packets: number,
): Round {
  const nothing = () => driver.run(driver.empty, traffic(0), packets).ns;
  const before = nothing();
  const loaded = driver.run(program, traffic(packets), packets).ns;
  return { nulls: [before, nothing()], loaded };
}

function trafficOf({ frames, flows, order }: PacketClass): (packets: number) => Traffic {
  if (order === "random") {
    const traffic: Traffic = { frames, flows, order };
    return () => traffic;
  }
  let next = 0;
  return (packets) => {
    const first = next;
    next += packets;
    return { frames, flows, order: "ascending", first };
  };
}

/**
 * Lets a balancer see every flow once; what its rate gate refuses is sent again.
 *
 * @param driver Sends the packets.
 * @param weir The balancer.
 * @param flows Frames, and number of flows.
 * @throws {Error} When the rate gate lets too few pass.
 */
export async function sendAll(driver: BenchDriver, weir: WeirTarget, flows: WarmUp): Promise<void> {
  const traffic: Traffic = { ...flows, order: "ascending" };
  for (let tries = 0; tries < PATIENCE; tries++) {
    const moved = movedBy(weir, () => driver.run(weir.program, traffic, flows.flows));
    if (moved("flow_gated") === 0) return;
    await new Promise((resolve) => setTimeout(resolve, GATE_MS));
  }
  throw new Error(`Cannot send "${flows.flows}" flows: the rate gate refuses them`);
}

/**
 * Lets the balancer know a class's flows and makes sure that its packets go the way it says.
 *
 * @param bench The balancer and what drives it.
 * @param each The class.
 * @returns The class's packets; told how many are sent, it names no new flow twice.
 * @throws {Error} When packets do not go the way that the class says.
 */
export async function prepareClass(
  { driver, weir }: Pick<Bench, "driver" | "weir">,
  each: PacketClass,
): Promise<(packets: number) => Traffic> {
  const { name, counter, warmUp } = each;
  const traffic = trafficOf(each);
  if (warmUp !== null) await sendAll(driver, weir, warmUp);
  const moved = movedBy(weir, () => driver.run(weir.program, traffic(PROOF), PROOF))(counter);
  if (moved >= ENOUGH_PROOF) return traffic;
  throw new Error(
    `Cannot measure class "${name}": counter "${counter}" moved by ${moved}, ` +
      `want at least ${ENOUGH_PROOF} of ${PROOF}`,
  );
}

function movedBy(weir: WeirTarget, run: () => void): (counter: string) => number {
  const before = weir.counters();
  run();
  const after = weir.counters();
  return (counter) => Number((after.get(counter) ?? 0n) - (before.get(counter) ?? 0n));
}
