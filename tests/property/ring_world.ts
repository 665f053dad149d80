/**
 * A VIP in small: reals that come and go, its ring, the flow table, and the data plane's choice of a
 * real (docs/dataplane.md, section 4). It breaks when a living flow changes its real without need.
 *
 * @module
 */
import type { Address } from "../../core/addr/types.ts";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { NO_REAL, SLOT_REAL_MASK, SLOT_UNSTABLE } from "../../core/ring/constants.ts";
import { maglev } from "../../core/ring/maglev.ts";
import { patchDown } from "../../core/ring/patch.ts";
import { settleRing } from "../../core/ring/settle.ts";
import { stepRing } from "../../core/ring/step.ts";
import type { Affinity, MemberState, Protocol, Ring } from "../../core/state/types.ts";

/** Slots; a small prime, so that flows share them. */
const SIZE = 61;
const FLOWS = 40;

/** Ticks of the data plane's defaults: 30 s, 30 s, 1 s, and 2 h of TCP silence. */
const UDP_GRACE = 1788;
const UDP_IDLE = 1788;
const REFRESH = 60;
const TCP_IDLE = 429_153;

/** Index of no real that a flow was on: its server was deleted under it. */
const LOST = -1;

interface Real {
  readonly address: Address;
  weight: number;
  state: MemberState;
  /** soft: deleted, its flows may stay. hard: deleted, its flows are lost. */
  left: "no" | "soft" | "hard";
}

interface Flow {
  readonly slot: number;
  /** Real that the last packet went to, LOST, or null for a flow that has ended. */
  owner: number | null;
  lastPacket: number;
}

interface Entry {
  real: number;
  lastSeen: number;
}

/** How often the paths of interest were taken; a test that never takes them proves nothing. */
export interface Tally {
  checked: number;
  entryHits: number;
  prevPicks: number;
  unusable: number;
  settled: number;
  freed: number;
}

/** The same VIP for a protocol and an affinity, empty at first. */
export class World {
  readonly #protocol: Protocol;
  readonly #affinity: Affinity;
  readonly #tally: Tally;
  readonly #reals = new Map<number, Real>();
  readonly #table = new Map<number, Entry>();
  readonly #flows: readonly Flow[];
  readonly #idle: number;
  #ring: Ring | null = null;
  // Ticks wrap soon.
  #now = 0xffff_f000;
  #addresses = 0;

  constructor(protocol: Protocol, affinity: Affinity, tally: Tally) {
    this.#protocol = protocol;
    this.#affinity = affinity;
    this.#tally = tally;
    this.#idle = protocol === "tcp" ? TCP_IDLE : UDP_IDLE;
    this.#flows = Array.from(
      { length: FLOWS },
      (_, i) => ({ slot: i * 37 % SIZE, owner: null, lastPacket: 0 }),
    );
  }

  /** A new real under the lowest index that nothing names. */
  add(weight: number): void {
    let index = 1;
    while (this.#reals.has(index) || this.#isNamed(index)) index++;
    const address = parseAddress(`10.0.0.${1 + this.#addresses++ % 250}`);
    if (address !== null) this.#reals.set(index, { address, weight, state: "up", left: "no" });
  }

  /** Deletes the n-th real, or brings a softly deleted one back. */
  toggle(n: number, how: "soft" | "hard"): void {
    const [index, real] = this.#pick(n);
    if (real === undefined) return;
    if (real.left === "no") real.left = how;
    else if (real.left === "soft") real.left = "no";
    if (real.left === "hard") this.#loseFlowsOf(index);
  }

  reweight(n: number, weight: number): void {
    const [, real] = this.#pick(n);
    if (real !== undefined) real.weight = weight;
  }

  setState(n: number, state: MemberState): void {
    const [, real] = this.#pick(n);
    if (real !== undefined) real.state = state;
  }

  wait(ticks: number): void {
    this.#now = (this.#now + ticks) >>> 0;
  }

  /** The control plane catches up: a new ring for what the reals have become. */
  sync(): void {
    const members = [...this.#reals].filter(([, real]) => real.left === "no")
      .map(([index, { address, weight }]) => ({ real: index, address, weight }));
    const base = maglev(members, "maglev-v2", SIZE);
    const ring = stepRing({
      old: this.#ring,
      target: patchDown(base, (index) => this.#reals.get(index)?.state !== "up"),
      now: this.#now,
      affinity: this.#affinity,
      protocol: this.#protocol,
      udpGraceTicks: UDP_GRACE,
    });
    const isGone = (index: number) => this.#reals.get(index)?.left === "hard";
    const prev = ring.prev.map((index) => isGone(index) ? NO_REAL : index);
    this.#ring = { ...ring, prev };
  }

  /** Old changes are forgotten, and with them deleted reals that nothing names any more. */
  settle(): void {
    if (this.#ring === null) return;
    const ring = this.#ring;
    const current = (slot: number) => (ring.slots[slot] ?? NO_REAL) & SLOT_REAL_MASK;
    const disagreeing = [...this.#table].flatMap(([id, entry]) => {
      const { slot } = this.#flow(id);
      return this.#isLiving(entry) && current(slot) !== entry.real ? [{ slot }] : [];
    });
    this.#ring = settleRing(ring, this.#now, this.#idle, disagreeing);
    if (this.#ring !== ring) this.#tally.settled++;
    for (const [index, real] of this.#reals) {
      if (real.left !== "no" && !this.#isNamed(index)) this.#free(index);
    }
  }

  /** The next packet of a flow: of a new one if the old has ended. */
  send(id: number): void {
    const flow = this.#flow(id);
    const isNew = flow.owner === null || !this.#isAlive(flow);
    const real = this.#route(id, isNew && this.#protocol === "tcp");
    if (!isNew && flow.owner !== null && this.#isUsable(flow.owner)) {
      this.#tally.checked++;
      if (real !== flow.owner) {
        throw new Error(
          `Flow "${id}" of slot "${flow.slot}" went from "${flow.owner}" to "${real}"`,
        );
      }
    }
    flow.owner = real === NO_REAL ? null : real;
    flow.lastPacket = this.#now;
  }

  /** The client closes, and may soon open a flow of the same addresses and ports. */
  close(id: number): void {
    if (this.#protocol === "tcp") this.#flow(id).owner = null;
  }

  /** The data plane. */
  #route(id: number, syn: boolean): number {
    const ring = this.#ring;
    if (ring === null) return NO_REAL;
    const { slot } = this.#flow(id);
    const current = (ring.slots[slot] ?? NO_REAL) & SLOT_REAL_MASK;
    const unstable = ((ring.slots[slot] ?? NO_REAL) & SLOT_UNSTABLE) !== 0;
    const remember = unstable || this.#affinity === "always";
    const entry = remember && !syn ? this.#find(id) : null;
    if (entry !== null) return entry;
    const isInGrace = this.#protocol === "tcp" || this.#since(ring.changedAt) <= UDP_GRACE;
    const prev = ring.prev[slot] ?? NO_REAL;
    const followsPrev = unstable && !syn && isInGrace && this.#isUsable(prev);
    if (followsPrev) this.#tally.prevPicks++;
    const real = followsPrev ? prev : current;
    if (real !== NO_REAL && remember) this.#table.set(id, { real, lastSeen: this.#now });
    return real;
  }

  #find(id: number): number | null {
    const entry = this.#table.get(id);
    if (entry === undefined || !this.#isLiving(entry)) return null;
    if (!this.#isUsable(entry.real)) {
      this.#tally.unusable++;
      return null;
    }
    if (this.#since(entry.lastSeen) > REFRESH) entry.lastSeen = this.#now;
    this.#tally.entryHits++;
    return entry.real;
  }

  #free(index: number): void {
    const stranded = this.#flows.some((flow) => flow.owner === index && this.#isAlive(flow));
    if (stranded && this.#reals.get(index)?.left === "soft") {
      throw new Error(`Real "${index}" was freed under a living flow`);
    }
    this.#loseFlowsOf(index);
    this.#reals.delete(index);
    this.#tally.freed++;
  }

  #loseFlowsOf(index: number): void {
    for (const flow of this.#flows) if (flow.owner === index) flow.owner = LOST;
  }

  #isNamed(index: number): boolean {
    return this.#ring?.slots.some((slot) => (slot & SLOT_REAL_MASK) === index) === true ||
      this.#ring?.prev.includes(index) === true ||
      [...this.#table.values()].some((entry) => entry.real === index && this.#isLiving(entry));
  }

  #isUsable(index: number): boolean {
    const real = this.#reals.get(index);
    return real !== undefined && real.left !== "hard" && real.state !== "down";
  }

  #isLiving(entry: Entry): boolean {
    return this.#since(entry.lastSeen) <= this.#idle;
  }

  /** An entry's last_seen may lag by a second, so flows are promised that much less silence. */
  #isAlive(flow: Flow): boolean {
    return flow.owner !== null && this.#since(flow.lastPacket) <= this.#idle - REFRESH;
  }

  #since(tick: number): number {
    return (this.#now - tick) >>> 0;
  }

  #pick(n: number): readonly [number, Real | undefined] {
    const indices = [...this.#reals.keys()];
    const index = indices[n % indices.length] ?? NO_REAL;
    return [index, this.#reals.get(index)];
  }

  #flow(id: number): Flow {
    const flow = this.#flows[id % FLOWS];
    if (flow === undefined) throw new RangeError(`Cannot find flow "${id}"`);
    return flow;
  }
}
