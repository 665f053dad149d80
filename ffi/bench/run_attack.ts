import {
  type AttackReport,
  changedRing,
  ESTABLISHED,
  FLOOD,
  flowSlots,
} from "../../core/bench/attack.ts";
import { synFrame, tcpFrame } from "../../core/bench/frames.ts";
import { benchReals } from "../../core/bench/scenario.ts";
import { costOf } from "../../core/bench/statistics.ts";
import type { World } from "../../core/bench/types.ts";
import { NO_REAL, SLOT_REAL_MASK, SLOT_UNSTABLE } from "../../core/ring/constants.ts";
import type { Ring } from "../../core/state/types.ts";
import { BenchDriver, type Traffic } from "./driver.ts";
import { measureRound, type RoundPlan, sendAll } from "./measure_class.ts";
import type { BenchObjects } from "./bench_objects.ts";
import { WeirTarget } from "./weir_target.ts";

/** The VIP under attack, and one beside it whose slots are stable: indices of the scenario. */
const ATTACKED = 0;
const VIP = { address: "10.200.1.1", port: 80 };
const STABLE_VIP = { address: "10.200.1.12", port: 80 };
/** Behind all established flows. */
const FIRST_NEW_FLOW = 2 ** 24;
/** Packets a run, so that no run blocks the process for long. */
const CHUNK = 1_000_000;

/**
 * Carries the attack out. The calling thread should be pinned.
 *
 * @param objects The programs.
 * @param world How the balancer is loaded.
 * @param plan How often to repeat what is timed.
 * @returns What became of established flows, and costs.
 * @throws {DataplaneError} When the kernel refuses.
 */
export async function runAttack(
  objects: BenchObjects,
  world: World,
  plan: RoundPlan,
): Promise<AttackReport> {
  let ring: Ring | null = null;
  using driver = new BenchDriver(objects.driver);
  using weir = new WeirTarget(objects.loadBalancer, world, (vip, stable) => {
    if (vip !== ATTACKED) return stable;
    ring = changedRing(stable);
    return ring;
  });
  const established = { frames: [tcpFrame(VIP)], flows: ESTABLISHED };
  const { destinations, unstable } = expectation(ring);
  await sendAll(driver, weir, { ...established, frames: [synFrame(VIP)] });
  // Each flow sends data, and goes where its SYN went.
  requireAll(keptBy(driver.audit(weir.program, established), destinations));
  flood(driver, weir);
  const kept = keptBy(driver.audit(weir.program, established), destinations);
  const { flows } = weir.dataplane.maps;
  const entries = flows.used;
  return {
    ...{ established: ESTABLISHED, unstable, flood: FLOOD, kept },
    ...{ entries, capacity: flows.capacity },
    knownNs: netNs(driver, weir, tcpFrame(STABLE_VIP), plan),
    synNs: netNs(driver, weir, synFrame(STABLE_VIP), plan),
  };
}

/** Where each established flow belongs, as its packets say it, and how many need an entry for it. */
function expectation(ring: Ring | null): { destinations: Uint32Array; unstable: number } {
  const reals = benchReals();
  const slots = flowSlots(tcpFrame(VIP), ESTABLISHED);
  let unstable = 0;
  const destinations = slots.map((slot) => {
    const entry = ring?.slots[slot] ?? NO_REAL;
    if ((entry & SLOT_UNSTABLE) !== 0) unstable++;
    const address = reals.get(entry & SLOT_REAL_MASK)?.bytes ?? new Uint8Array(4);
    return new DataView(address.buffer, address.byteOffset).getUint32(0, true);
  });
  return { destinations, unstable };
}

function keptBy(seen: Uint32Array, destinations: Uint32Array): number {
  return seen.reduce((kept, real, flow) => kept + (real === destinations[flow] ? 1 : 0), 0);
}

function requireAll(kept: number): void {
  if (kept >= 0.9999 * ESTABLISHED) return;
  throw new Error(`Cannot begin the attack: ${ESTABLISHED - kept} flows are not at their real`);
}

function flood(driver: BenchDriver, weir: WeirTarget): void {
  const frames = [synFrame(VIP)];
  for (let sent = 0; sent < FLOOD; sent += CHUNK) {
    const traffic: Traffic = {
      ...{ frames, order: "ascending", flows: 2 ** 30 },
      first: FIRST_NEW_FLOW + sent,
    };
    driver.run(weir.program, traffic, CHUNK);
  }
}

/** Packets of as many flows, in random order. */
function netNs(
  driver: BenchDriver,
  weir: WeirTarget,
  frame: ReturnType<typeof tcpFrame>,
  { rounds, packets }: RoundPlan,
): number {
  const traffic: Traffic = { frames: [frame], flows: ESTABLISHED, order: "random" };
  const all = Array.from(
    { length: 2 * rounds },
    () => measureRound(driver, weir.program, () => traffic, packets),
  );
  return costOf(all).ns;
}
