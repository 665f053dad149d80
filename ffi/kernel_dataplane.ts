import type { Dataplane, VipTableRow, Write } from "../core/dataplane.ts";
import type { Family } from "../core/addr/types.ts";
import type { Sample } from "../core/metrics/types.ts";
import { prefixText } from "../core/state/tables.ts";
import type {
  FlowEntry,
  Member,
  RealState,
  Ring,
  State,
  Tables,
  VipState,
} from "../core/state/types.ts";
import { BalancerMaps, type MapOpener } from "./balancer_maps.ts";
import { monotonicNs, ticksOf } from "./clock.ts";
import { DataplaneError } from "./errors.ts";
import { DECAP_ACTIONS, isCidr, wordOf } from "./maps/codes.ts";
import { Pins } from "./pins.ts";

/** A balancer in the kernel, through its maps. */
export class KernelDataplane implements Dataplane {
  /** The maps behind it, for what the interface has no word for. */
  readonly maps: BalancerMaps;

  /**
   * Opens an attached balancer.
   *
   * @param balancer Its name.
   * @param bpffs Mount point; /sys/fs/bpf if left out.
   * @returns The balancer.
   * @throws {DataplaneError} When there is none of this name.
   * @throws {DataplaneError} When its maps are of another version of weir.
   */
  static open(balancer: string, bpffs?: string): KernelDataplane {
    const pins = new Pins(balancer, bpffs);
    pins.requireExisting();
    return new KernelDataplane((name) => pins.openMap(name));
  }

  /**
   * @param open Opens a map by its name in the object; the maps are closed with this object.
   * @throws {DataplaneError} When the maps are of another version of weir.
   */
  constructor(open: MapOpener) {
    this.maps = new BalancerMaps(open);
  }

  readState(): State {
    const { vipInfo, realInfo, flows, info } = this.maps;
    const { name, ifname, sequence } = info.get();
    return {
      balancer: name,
      ifname,
      capacity: {
        maxVips: vipInfo.length,
        maxReals: realInfo.length,
        maxFlows: flows.capacity,
      },
      sequence: Number(sequence),
      vips: this.#readVips(),
      reals: new Map<number, RealState>(realInfo.entries()),
      tables: this.#readTables(),
    };
  }

  readRing(vip: number): Ring | null {
    return this.maps.rings.get(vip);
  }

  write(write: Write): void {
    const { maps } = this;
    switch (write.op) {
      case "real":
        return maps.reals.set(write.index, write.config, write.downSomewhere);
      case "real-info":
        return maps.realInfo.set(write.index, write.config, write.retired);
      case "ring":
        return maps.rings.set(write.vip, write.ring);
      case "rings":
        return maps.rings.setAll(write.rings);
      case "vip-info":
        return maps.vipInfo.set(write.vip, write.config);
      case "member":
        return maps.members.set({ vip: write.vip, real: write.real }, write.member);
      case "down":
        return maps.down.set({ vip: write.vip, real: write.real }, write.down);
      case "vip-table":
        return this.#writeVipTable(write.vips);
      case "server-id":
        return maps.serverIds.set(write.id, write.real);
      case "source":
        return maps.sources.set(write.prefix, write.real);
      case "decap-destination":
        return maps.decapDestinations.set(
          write.address,
          write.action === null ? null : DECAP_ACTIONS[write.action],
        );
      case "reset-counters":
        return maps.counters.reset(write.of, write.index);
      case "sequence":
        return maps.info.set({ sequence: BigInt(write.sequence) });
    }
  }

  now(): number {
    return ticksOf(monotonicNs());
  }

  readSample(): Sample {
    const vips = [...this.maps.vipInfo.entries()].map(([index]) => index);
    const reals = [...this.maps.realInfo.entries()].map(([index]) => index);
    return this.maps.counters.read(monotonicNs(), { vips, reals });
  }

  flows(): Iterable<FlowEntry> {
    return this.maps.flows.entries(this.#families());
  }

  purgeFlows(which: (flow: FlowEntry) => boolean): number {
    return this.maps.flows.purge(this.#families(), which);
  }

  [Symbol.dispose](): void {
    this.maps[Symbol.dispose]();
  }

  /** Three maps change; in this order no packet misses a VIP that is in old and new. */
  #writeVipTable(rows: readonly VipTableRow[]): void {
    const { host, vipCidrs, vipTables, settings } = this.maps;
    if (settings.cidr === 0 && rows.some(({ config }) => isCidr(config))) {
      throw new DataplaneError({
        action: "use a prefix as VIP",
        object: null,
        errno: null,
        reason: "this balancer was attached without prefixes",
        hint: "attach it with prefixes enabled",
      });
    }
    const anyPort = rows.some(({ config }) => config.port === 0 && !isCidr(config)) ? 1 : 0;
    if (anyPort === 1) host.set({ any_port_vips: 1 });
    if (settings.cidr !== 0) vipCidrs.add(rows);
    vipTables.set(rows);
    if (settings.cidr !== 0) vipCidrs.prune(rows);
    if (anyPort === 0) host.set({ any_port_vips: 0 });
  }

  #families(): ReadonlyMap<number, Family> {
    const vips = [...this.maps.vipInfo.entries()];
    return new Map(vips.map(([index, { address }]) => [index, address.family]));
  }

  #readTables(): Tables {
    const { serverIds, sources, decapDestinations } = this.maps;
    return {
      servers: new Map([...serverIds.entries()].sort(([a], [b]) => a - b)),
      sources: new Map(
        [...sources.entries()].map(([prefix, real]) => [prefixText(prefix), { prefix, real }]),
      ),
      destinations: new Map([...decapDestinations.entries()].map(([address, flags]) => {
        const action = wordOf(DECAP_ACTIONS, flags, "decapsulation action");
        return [address.text, { address, action }];
      })),
    };
  }

  #readVips(): ReadonlyMap<number, VipState> {
    const members = new Map<number, Map<number, Member>>();
    for (const [{ vip, real }, member] of this.maps.members.entries()) {
      const own = members.get(vip) ?? new Map<number, Member>();
      members.set(vip, own.set(real, member));
    }
    const down = new Map<number, Set<number>>();
    for (const { vip, real } of this.maps.down.keys()) {
      const own = down.get(vip) ?? new Set<number>();
      down.set(vip, own.add(real));
    }
    const vips = new Map<number, VipState>();
    for (const [index, config] of this.maps.vipInfo.entries()) {
      vips.set(index, {
        index,
        config,
        members: members.get(index) ?? new Map(),
        down: down.get(index) ?? new Set(),
      });
    }
    return vips;
  }
}
