import type { Prefix } from "./addr/types.ts";
import type { Dataplane, VipTableRow, Write } from "./dataplane.ts";
import type { Sample } from "./metrics/types.ts";
import { prefixText } from "./state/tables.ts";
import type {
  Capacity,
  DecapDestination,
  FlowEntry,
  Member,
  RealConfig,
  RealState,
  Ring,
  State,
  VipConfig,
  VipState,
} from "./state/types.ts";

/** What a `real` write leaves behind. */
export interface FakeReal {
  readonly config: RealConfig;
  readonly downSomewhere: boolean;
}

/** How a fake balancer is made; every field has a default. */
export interface FakeOptions {
  readonly balancer?: string;
  readonly ifname?: string;
  readonly capacity?: Capacity;
}

const NO_TRAFFIC: Sample = {
  at: 0n,
  vips: new Map(),
  reals: new Map(),
  counters: new Map(),
  drops: new Map(),
  cpus: [],
};

/**
 * A balancer in memory: the maps of the data plane as plain collections, which a test may look into,
 * and clock, flows and counters that a test sets.
 */
export class FakeDataplane implements Dataplane {
  readonly vipInfo = new Map<number, VipConfig>();
  readonly realInfo = new Map<number, { config: RealConfig; retired: boolean }>();
  readonly members = new Map<number, Map<number, Member>>();
  readonly reals = new Map<number, FakeReal>();
  readonly rings = new Map<number, Ring>();
  readonly down = new Map<number, Set<number>>();
  readonly servers = new Map<number, number>();
  readonly sources = new Map<string, { readonly prefix: Prefix; readonly real: number }>();
  readonly destinations = new Map<string, DecapDestination>();
  readonly resets: string[] = [];
  vipTable: readonly VipTableRow[] = [];
  sequence = 0;
  ticks = 1_000_000;
  flowEntries: FlowEntry[] = [];
  sample: Sample = NO_TRAFFIC;
  /** Writes carried out so far. */
  written = 0;
  /** Throws once in place of the write of this number; null: never. */
  failAt: { readonly write: number; readonly error: Error } | null = null;
  disposed = false;

  readonly #options: FakeOptions;

  /** @param options names and sizes; by default `main` on `eth0`, 512 VIPs, 4096 reals */
  constructor(options: FakeOptions = {}) {
    this.#options = options;
  }

  readState(): State {
    const vips = new Map<number, VipState>();
    for (const [index, config] of sorted(this.vipInfo)) {
      const members = new Map(sorted(this.members.get(index) ?? new Map<number, Member>()));
      vips.set(index, { index, config, members, down: new Set(this.down.get(index)) });
    }
    const reals = new Map<number, RealState>();
    for (const [index, info] of sorted(this.realInfo)) reals.set(index, { index, ...info });
    return {
      balancer: this.#options.balancer ?? "main",
      ifname: this.#options.ifname ?? "eth0",
      capacity: this.#options.capacity ?? { maxVips: 512, maxReals: 4096, maxFlows: 65536 },
      sequence: this.sequence,
      vips,
      reals,
      tables: {
        servers: new Map(sorted(this.servers)),
        sources: new Map(this.sources),
        destinations: new Map(this.destinations),
      },
    };
  }

  readRing(vip: number): Ring | null {
    return this.rings.get(vip) ?? null;
  }

  write(write: Write): void {
    if (this.failAt?.write === this.written) {
      const { error } = this.failAt;
      this.failAt = null;
      throw error;
    }
    this.written++;
    switch (write.op) {
      case "real":
        return put(
          this.reals,
          write.index,
          write.config === null ? null : {
            config: write.config,
            downSomewhere: write.downSomewhere,
          },
        );
      case "real-info":
        return put(
          this.realInfo,
          write.index,
          write.config === null ? null : {
            config: write.config,
            retired: write.retired,
          },
        );
      case "ring":
        return put(this.rings, write.vip, write.ring);
      case "rings":
        for (const [vip, ring] of write.rings) this.rings.set(vip, ring);
        return;
      case "vip-info":
        return put(this.vipInfo, write.vip, write.config);
      case "member":
        return put(inner(this.members, write.vip, () => new Map()), write.real, write.member);
      case "down": {
        const reals = inner(this.down, write.vip, () => new Set<number>());
        if (write.down) reals.add(write.real);
        else reals.delete(write.real);
        return;
      }
      case "vip-table":
        this.vipTable = write.vips;
        return;
      case "server-id":
        return put(this.servers, write.id, write.real);
      case "source": {
        const { prefix, real } = write;
        return put(this.sources, prefixText(prefix), real === null ? null : { prefix, real });
      }
      case "decap-destination": {
        const { address, action } = write;
        return put(this.destinations, address.text, action === null ? null : { address, action });
      }
      case "reset-counters":
        this.resets.push(`${write.of} ${write.index}`);
        return;
      case "sequence":
        this.sequence = write.sequence;
        return;
    }
  }

  now(): number {
    return this.ticks;
  }

  readSample(): Sample {
    return this.sample;
  }

  flows(): Iterable<FlowEntry> {
    return this.flowEntries;
  }

  purgeFlows(which: (flow: FlowEntry) => boolean): number {
    const kept = this.flowEntries.filter((flow) => !which(flow));
    const purged = this.flowEntries.length - kept.length;
    this.flowEntries = kept;
    return purged;
  }

  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

function inner<V>(map: Map<number, V>, key: number, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function sorted<V>(map: ReadonlyMap<number, V>): readonly (readonly [number, V])[] {
  return [...map].sort(([a], [b]) => a - b);
}
