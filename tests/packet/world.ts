import { parseAddress } from "../../core/addr/parse_address.ts";
import { parsePrefix } from "../../core/addr/parse_prefix.ts";
import type { Address, Family, Prefix } from "../../core/addr/types.ts";
import { RING_SIZE, SLOT_UNSTABLE } from "../../core/ring/constants.ts";
import type { Protocol, RealConfig, Ring, VipConfig } from "../../core/state/types.ts";
import type { FlowKey } from "../../ffi/abi.gen.ts";
import type { BalancerSettings } from "../../ffi/default_settings.ts";
import { PacketRun } from "../support/packet_run.ts";

/** Indices of the reals that every world has, by what they are for. */
export const REAL = {
  /** What rings say. */
  current: 1,
  /** What rings said before, where they are unstable. */
  prev: 2,
  /** What ids, source prefixes and other tables say. */
  other: 3,
  /** Down for every VIP. */
  down: 4,
  /** This host. */
  local: 5,
  /** Has no entry. */
  unset: 6,
} as const;

const ADDRESSES: Readonly<Record<Exclude<keyof typeof REAL, "unset">, string>> = {
  current: "10.0.0.1",
  prev: "fc00::2",
  other: "10.0.0.3",
  down: "10.0.0.4",
  local: "10.0.0.5",
};

/** A ring with the same in every slot. Unstable if there is a prev; 0: unstable without one. */
export interface RingSpec {
  readonly current: number;
  readonly prev?: number;
  /** Ticks since the change; now if left out. */
  readonly changedAgo?: number;
}

/** VIPs of a name: one for each family and protocol, at a port of their own. */
export interface VipSpec extends Partial<Pick<VipConfig, "flags" | "affinity" | "encap">> {
  /** null: no ring. */
  readonly ring?: RingSpec | null;
  /** The port 0: an address of its own. */
  readonly anyPort?: boolean;
  /** A prefix of this many bits instead of an address. */
  readonly prefix?: Readonly<Record<Family, number>>;
}

/** Where packets to a VIP go. */
export interface VipPlace {
  readonly index: Readonly<Record<Protocol, number>>;
  readonly address: string;
  /** As the VIP has it. */
  readonly port: number;
  /** What packets name, never 0. */
  readonly packetPort: number;
}

const STEADY: RingSpec = { current: REAL.current };
const FIRST_PORT = 1000;
const ANY_PORT_PACKETS = 4242;

/** A balancer with the reals above and VIPs by name. */
export class World implements Disposable {
  readonly run: PacketRun;
  readonly #vips: ReadonlyMap<string, VipPlace>;

  private constructor(run: PacketRun, vips: ReadonlyMap<string, VipPlace>) {
    this.run = run;
    this.#vips = vips;
  }

  /**
   * Loads the program and fills its tables.
   *
   * @param settings What differs from the defaults.
   * @param vips VIPs by name.
   * @param maxFlows Size of the flow table.
   * @returns The world.
   */
  static async load(
    settings: Partial<BalancerSettings>,
    vips: Readonly<Record<string, VipSpec>>,
    maxFlows = 4096,
  ): Promise<World> {
    using guard = new DisposableStack();
    const run = guard.use(await PacketRun.load({ settings, capacity: { maxFlows } }));
    writeReals(run);
    const world = new World(run, writeVips(run, vips));
    guard.move();
    return world;
  }

  /** The VIP of a name. */
  vip(name: string, family: Family): VipPlace {
    const vip = this.#vips.get(`${name} ${family}`);
    if (vip === undefined) throw new Error(`Cannot find VIP "${name}"`);
    return vip;
  }

  /** Puts a flow into the flow table, as if last seen so many ticks ago. */
  remember(key: FlowKey, real: number, ticksAgo: number): void {
    const { dataplane } = this.run;
    const lastSeen = (dataplane.now() - ticksAgo) >>> 0;
    if (!dataplane.maps.flows.set(key, { real, lastSeen })) throw new Error("Flow table is full");
  }

  [Symbol.dispose](): void {
    this.run[Symbol.dispose]();
  }
}

/**
 * An address from text.
 *
 * @throws {SyntaxError} If it is none.
 */
export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new SyntaxError(`Cannot read "${text}" as an address`);
  return address;
}

/**
 * A prefix from text.
 *
 * @throws {SyntaxError} If it is none.
 */
export function prefixOf(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (prefix === null) throw new SyntaxError(`Cannot read "${text}" as a prefix`);
  return prefix;
}

function writeReals({ dataplane }: PacketRun): void {
  for (const [name, text] of Object.entries(ADDRESSES)) {
    const index = REAL[name as keyof typeof ADDRESSES];
    const local = index === REAL.local;
    const config: RealConfig = { address: addressOf(text), name: "", local, encap: null };
    dataplane.write({ op: "real-info", index, config, retired: false });
    dataplane.write({ op: "real", index, config, downSomewhere: index === REAL.down });
  }
}

function writeVips(
  { dataplane }: PacketRun,
  specs: Readonly<Record<string, VipSpec>>,
): ReadonlyMap<string, VipPlace> {
  const rows: { readonly index: number; readonly config: VipConfig }[] = [];
  const rings = new Map<number, Ring>();
  const places = new Map<string, VipPlace>();
  for (const [number, [name, spec]] of Object.entries(specs).entries()) {
    for (const family of [4, 6] as const) {
      const { config, packetPort } = configOf(number, family, spec);
      const index = { tcp: rows.length, udp: rows.length + 1 };
      rows.push({ index: index.tcp, config: { ...config, protocol: "tcp" } });
      rows.push({ index: index.udp, config: { ...config, protocol: "udp" } });
      places.set(`${name} ${family}`, {
        index,
        address: config.address.text,
        port: config.port,
        packetPort,
      });
      const ring = spec.ring === null ? null : ringOf(spec.ring ?? STEADY, dataplane.now());
      for (const vip of ring === null ? [] : [index.tcp, index.udp]) {
        if (ring !== null) rings.set(vip, ring);
      }
    }
  }
  for (const { index, config } of rows) {
    dataplane.write({ op: "vip-info", vip: index, config });
    dataplane.write({ op: "down", vip: index, real: REAL.down, down: true });
  }
  dataplane.maps.rings.setAll(rings);
  dataplane.write({ op: "vip-table", vips: rows });
  return places;
}

function configOf(
  number: number,
  family: Family,
  spec: VipSpec,
): { readonly config: VipConfig; readonly packetPort: number } {
  const plain = family === 4 ? "10.200.1.1" : "fc00:1::1";
  const own = family === 4 ? `10.200.${100 + number}.0` : `fc00:1:${100 + number}::`;
  const text = spec.prefix === undefined && spec.anyPort !== true ? plain : own;
  const port = spec.anyPort === true ? 0 : FIRST_PORT + number;
  return {
    config: {
      address: addressOf(text),
      prefixLength: spec.prefix?.[family] ?? (family === 4 ? 32 : 128),
      port,
      protocol: "tcp",
      name: "",
      flags: spec.flags ?? [],
      affinity: spec.affinity ?? "default",
      encap: spec.encap ?? "ipip",
      ringHash: "maglev-v1",
    },
    packetPort: port === 0 ? ANY_PORT_PACKETS : port,
  };
}

function ringOf({ current, prev, changedAgo = 0 }: RingSpec, now: number): Ring {
  const unstable = prev === undefined ? 0 : SLOT_UNSTABLE;
  return {
    slots: new Uint16Array(RING_SIZE).fill(current | unstable),
    prev: new Uint16Array(RING_SIZE).fill(prev ?? 0),
    changedAt: (now - changedAgo) >>> 0,
    generation: 1,
  };
}
