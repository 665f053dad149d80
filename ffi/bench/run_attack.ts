import {
  ATTACK,
  type AttackReport,
  type AttackSize,
  changedRing,
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
 * @param size Of the attack.
 * @returns What became of established flows, and costs.
 * @throws {DataplaneError} When the kernel refuses.
 */
export async function runAttack(
  objects: BenchObjects,
  world: World,
  plan: RoundPlan,
  size: AttackSize = ATTACK,
): Promise<AttackReport> {
  let ring: Ring | null = null;
  using driver = new BenchDriver(objects.driver);
  using weir = new WeirTarget(objects.loadBalancer, world, (vip, stable) => {
    if (vip !== ATTACKED) return stable;
    ring = changedRing(stable);
    return ring;
  });
  const established = { frames: [tcpFrame(VIP)], flows: size.established };
  const { destinations, unstable } = expectation(ring, size.established);
  await sendAll(driver, weir, { ...established, frames: [synFrame(VIP)] });
  // Each flow sends data, and goes where its SYN went.
  requireAll(keptBy(driver.audit(weir.program, established), destinations), size.established);
  flood(driver, weir, size.flood);
  const kept = keptBy(driver.audit(weir.program, established), destinations);
  const { flows } = weir.dataplane.maps;
  const entries = flows.used;
  return {
    ...size,
    ...{ unstable, kept },
    ...{ entries, capacity: flows.capacity },
    knownNs: netNs(driver, weir, { ...established, frames: [tcpFrame(STABLE_VIP)] }, plan),
    synNs: netNs(driver, weir, { ...established, frames: [synFrame(STABLE_VIP)] }, plan),
  };
}

/** Where each established flow belongs, as its packets say it, and how many need an entry for it. */
function expectation(
  ring: Ring | null,
  flows: number,
): { destinations: Uint32Array; unstable: number } {
  const reals = benchReals();
  const slots = flowSlots(tcpFrame(VIP), flows);
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

function requireAll(kept: number, flows: number): void {
  if (kept >= 0.9999 * flows) return;
  throw new Error(`Cannot begin the attack: ${flows - kept} flows are not at their real`);
}

function flood(driver: BenchDriver, weir: WeirTarget, packets: number): void {
  const frames = [synFrame(VIP)];
  for (let sent = 0; sent < packets; sent += CHUNK) {
    const traffic: Traffic = {
      ...{ frames, order: "ascending", flows: 2 ** 30 },
      first: FIRST_NEW_FLOW + sent,
    };
    driver.run(weir.program, traffic, Math.min(CHUNK, packets - sent));
  }
}

/** Packets of known flows in random order. */
function netNs(
  driver: BenchDriver,
  weir: WeirTarget,
  flows: Omit<Traffic, "order">,
  { rounds, packets }: RoundPlan,
): number {
  const traffic: Traffic = { ...flows, order: "random" };
  const all = Array.from(
    { length: 2 * rounds },
    () => measureRound(driver, weir.program, () => traffic, packets),
  );
  return costOf(all).ns;
}
