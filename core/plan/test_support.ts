import { addressFromBytes } from "../addr/address_from_bytes.ts";
import { parseAddress } from "../addr/parse_address.ts";
import type { Address } from "../addr/types.ts";
import type { Write } from "../dataplane.ts";
import { FakeDataplane } from "../fake_dataplane.ts";
import { SLOT_REAL_MASK } from "../ring/mod.ts";
import type {
  Desired,
  DesiredMember,
  DesiredVip,
  FlowEntry,
  MemberState,
  RealConfig,
  Ring,
  VipConfig,
} from "../state/types.ts";
import { parseVipEndpoint, vipKeyText } from "../state/vip_key.ts";
import { planOptions } from "./plan_options.ts";
import { planDesired } from "./plan_desired.ts";
import { planUpkeep, type Upkeep } from "./plan_upkeep.ts";
import type { Plan, PlanOptions } from "./types.ts";

/** Reads an address that a test writes down. */
export function address(text: string): Address {
  const found = parseAddress(text);
  if (found === null) throw new Error(`Not an address: "${text}"`);
  return found;
}

/** A TCP VIP: `198.51.100.1:80`. */
export function vipConfig(endpoint: string, change: Partial<VipConfig> = {}): VipConfig {
  const parsed = parseVipEndpoint(endpoint);
  if (parsed === null) throw new Error(`Not an endpoint: "${endpoint}"`);
  return {
    ...parsed,
    protocol: "tcp",
    name: "",
    flags: [],
    affinity: "default",
    encap: "ipip",
    ringHash: "maglev-v2",
    ...change,
  };
}

/** A real with default settings. */
export function realConfig(text: string, change: Partial<RealConfig> = {}): RealConfig {
  return { address: address(text), name: "", local: false, encap: null, ...change };
}

/** A member: `10.0.0.1` with its weight and state. */
export function member(
  text: string,
  weight = 1,
  state: MemberState | null = null,
): DesiredMember {
  return { real: realConfig(text), weight, state };
}

/** A wish of VIPs, each with the addresses of its reals. */
export function wish(...vips: readonly DesiredVip[]): Desired {
  return { vips };
}

/** One VIP of a wish. */
export function vip(
  endpoint: string,
  reals: readonly (string | DesiredMember)[],
  change: Partial<VipConfig> = {},
): DesiredVip {
  const members = reals.map((real) => typeof real === "string" ? member(real) : real);
  return { config: vipConfig(endpoint, change), members };
}

/** An entry of the flow table, seen just now. */
export function flow(fake: FakeDataplane, of: number, real: number, port = 1000): FlowEntry {
  return {
    vip: of,
    source: addressFromBytes(4, Uint8Array.of(192, 0, 2, 1)).bytes,
    family: 4,
    sourcePort: port,
    destinationPort: 80,
    real,
    lastSeen: fake.ticks,
  };
}

/** Plans a wish on a fake balancer. */
export function planOn(
  fake: FakeDataplane,
  desired: Desired,
  change: Partial<PlanOptions> = {},
): Plan {
  const options = { ...planOptions(fake), ...change };
  return planDesired(fake.readState(), (vip) => fake.readRing(vip), desired, options);
}

/** Carries out a wish and what may be forgotten after it. */
export function applyOn(
  fake: FakeDataplane,
  desired: Desired,
  change: Partial<PlanOptions> = {},
): Plan {
  const plan = planOn(fake, desired, change);
  writeAll(fake, plan.writes);
  upkeepOn(fake, change);
  return plan;
}

/** Forgets what may be forgotten. */
export function upkeepOn(fake: FakeDataplane, change: Partial<PlanOptions> = {}): Upkeep {
  const options = { ...planOptions(fake), ...change };
  const upkeep = planUpkeep(fake.readState(), (vip) => fake.readRing(vip), options);
  writeAll(fake, upkeep.writes);
  return upkeep;
}

/** Carries out writes. */
export function writeAll(fake: FakeDataplane, writes: readonly Write[]): void {
  for (const write of writes) fake.write(write);
}

/** A balancer with the same content. */
export function copyOf(fake: FakeDataplane): FakeDataplane {
  const copy = new FakeDataplane();
  for (const [key, value] of fake.vipInfo) copy.vipInfo.set(key, value);
  for (const [key, value] of fake.realInfo) copy.realInfo.set(key, value);
  for (const [key, value] of fake.members) copy.members.set(key, new Map(value));
  for (const [key, value] of fake.reals) copy.reals.set(key, value);
  for (const [key, value] of fake.rings) copy.rings.set(key, value);
  for (const [key, value] of fake.down) copy.down.set(key, new Set(value));
  for (const [key, value] of fake.servers) copy.servers.set(key, value);
  for (const [key, value] of fake.sources) copy.sources.set(key, value);
  for (const [key, value] of fake.destinations) copy.destinations.set(key, value);
  copy.vipTable = fake.vipTable;
  copy.sequence = fake.sequence;
  copy.ticks = fake.ticks;
  copy.flowEntries = [...fake.flowEntries];
  return copy;
}

/**
 * The content of a balancer as plain data, in order, without the sequence. VIPs go by their keys: a
 * killed command may have freed a number that the next one gives out.
 */
export function contentOf(fake: FakeDataplane): unknown {
  const sorted = <K, V>(map: ReadonlyMap<K, V>) => [...map].sort(([a], [b]) => a < b ? -1 : 1);
  const name = (index: number) => {
    const config = fake.vipInfo.get(index);
    return config === undefined ? `#${index}` : vipKeyText(config);
  };
  const byName = <V>(map: ReadonlyMap<number, V>) =>
    sorted(new Map([...map].map(([index, value]) => [name(index), value])));
  return {
    vipInfo: byName(fake.vipInfo),
    realInfo: sorted(fake.realInfo),
    members: byName(fake.members).filter(([, map]) => map.size > 0)
      .map(([vip, map]) => [vip, sorted(map)]),
    reals: sorted(fake.reals),
    rings: byName(fake.rings),
    down: byName(fake.down).filter(([, set]) => set.size > 0)
      .map(([vip, set]) => [vip, [...set].sort()]),
    tables: [sorted(fake.servers), sorted(fake.sources), sorted(fake.destinations)],
    vipTable: fake.vipTable.map(({ index, config }) => [name(index), vipKeyText(config)]).sort(),
  };
}

/** The reals that a ring names, as slot or as prev. */
export function realsOf(ring: Ring): ReadonlySet<number> {
  const known = namedCache.get(ring);
  if (known !== undefined) return known;
  const reals = new Set([...ring.prev, ...ring.slots.map((slot) => slot & SLOT_REAL_MASK)]);
  reals.delete(0);
  namedCache.set(ring, reals);
  return reals;
}

const namedCache = new WeakMap<Ring, ReadonlySet<number>>();

/** What a packet could trip over: entries that are named but not there. */
export function missingEntries(fake: FakeDataplane): readonly string[] {
  const isMissing = (real: number) => !fake.reals.has(real) || !fake.realInfo.has(real);
  const tables = [...fake.servers.values(), ...[...fake.sources.values()].map(({ real }) => real)];
  const lost = tables.filter(isMissing).map((real) => `A table names real ${real}`);
  return lost.concat(fake.vipTable.flatMap(({ index }) => {
    const ring = fake.rings.get(index);
    const named = ring === undefined ? [] : [...realsOf(ring)];
    const holes = named.filter(isMissing);
    const unknown = fake.vipInfo.has(index) ? [] : [`VIP ${index} has no info`];
    return [...unknown, ...holes.map((real) => `VIP ${index} names real ${real}`)];
  }));
}
