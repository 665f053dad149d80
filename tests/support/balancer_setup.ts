import { parseAddress } from "../../core/addr/parse_address.ts";
import { maglev } from "../../core/ring/maglev.ts";
import type { Address } from "../../core/addr/types.ts";
import type {
  Encap,
  Protocol,
  RealConfig,
  Ring,
  RingHash,
  VipConfig,
  VipKey,
} from "../../core/state/types.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import type { KernelDataplane } from "../../ffi/kernel_dataplane.ts";

/** A VIP under test; what is left out is off. */
export type VipOptions =
  & { readonly address: string; readonly port: number; readonly protocol: Protocol }
  & Partial<Pick<VipConfig, "prefixLength" | "flags" | "affinity" | "encap" | "ringHash">>;

interface Vip {
  readonly index: number;
  config: VipConfig;
  /** Weights by real index. */
  readonly weights: Map<number, number>;
}

interface Real {
  readonly index: number;
  config: RealConfig;
  downSomewhere: boolean;
}

/**
 * Fills a balancer the shortest way: no plan, no stable slots, every ring as Maglev gives it. VIPs
 * count from 0 and reals from 1, in the order in which they are first named.
 */
export class BalancerSetup {
  readonly #dataplane: KernelDataplane;
  readonly #vips = new Map<string, Vip>();
  /** Of all VIPs that ever were: one that comes back has its index again. */
  readonly #indices = new Map<string, number>();
  readonly #reals = new Map<string, Real>();

  /** @param dataplane Where it is written to. */
  constructor(dataplane: KernelDataplane) {
    this.#dataplane = dataplane;
  }

  /**
   * Adds a VIP with its reals, all of weight 1, and writes everything.
   *
   * @param options The VIP.
   * @param reals Addresses.
   * @returns Index of the VIP.
   */
  vip(options: VipOptions, reals: readonly string[]): number {
    const index = this.addVip(options);
    for (const real of reals) this.setWeight(this.key(options), real, 1);
    this.commit();
    return index;
  }

  /**
   * Adds a VIP without reals; `commit` makes packets see it.
   *
   * @param options The VIP.
   * @returns Index of the VIP.
   */
  addVip(options: VipOptions): number {
    const name = vipKeyText(this.key(options));
    const index = this.#indices.get(name) ?? this.#indices.size;
    const config: VipConfig = {
      ...this.key(options),
      name: "",
      flags: options.flags ?? [],
      affinity: options.affinity ?? "default",
      encap: options.encap ?? "ipip",
      ringHash: options.ringHash ?? "maglev-v2",
    };
    this.#indices.set(name, index);
    this.#vips.set(name, { index, config, weights: new Map() });
    return index;
  }

  /**
   * Takes a VIP away; `commit` makes packets see it.
   *
   * @param key The VIP.
   */
  removeVip(key: VipKey): void {
    const { index } = this.#vip(key);
    this.#vips.delete(vipKeyText(key));
    this.#dataplane.write({ op: "vip-info", vip: index, config: null });
    this.#dataplane.write({ op: "ring", vip: index, ring: null });
  }

  /**
   * Changes a VIP; `commit` makes packets see it.
   *
   * @param key The VIP.
   * @param change Fields with their new values.
   */
  changeVip(key: VipKey, change: Partial<VipConfig>): void {
    const vip = this.#vip(key);
    vip.config = { ...vip.config, ...change };
  }

  /**
   * Gives a real of a VIP a weight; `commit` makes packets see it.
   *
   * @param key The VIP.
   * @param address The real.
   * @param weight Null takes it out of the VIP.
   * @returns Index of the real.
   */
  setWeight(key: VipKey, address: string, weight: number | null): number {
    const { index } = this.#real(address);
    const { weights } = this.#vip(key);
    if (weight === null) weights.delete(index);
    else weights.set(index, weight);
    return index;
  }

  /**
   * The index of a real, which exists from now on.
   *
   * @param address The real.
   * @param change What differs from a plain remote real.
   * @returns Index of the real.
   */
  real(address: string, change: { local?: boolean; encap?: Encap } = {}): number {
    const real = this.#real(address);
    real.config = { ...real.config, ...change };
    this.#writeReal(real);
    return real.index;
  }

  /**
   * Marks a real down for a VIP, or up again. The ring stays.
   *
   * @param key The VIP.
   * @param address The real.
   * @param down Whether it is down.
   */
  setDown(key: VipKey, address: string, down: boolean): void {
    const real = this.#real(address);
    real.downSomewhere ||= down;
    this.#writeReal(real);
    this.#dataplane.write({ op: "down", vip: this.#vip(key).index, real: real.index, down });
  }

  /**
   * What a VIP is by now.
   *
   * @param key The VIP.
   * @returns Its index and configuration, or null if there is none.
   */
  find(key: VipKey): { readonly index: number; readonly config: VipConfig } | null {
    return this.#vips.get(vipKeyText(key)) ?? null;
  }

  /** Writes all that `add`, `change` and `set` did. */
  commit(): void {
    const rows = [...this.#vips.values()];
    const rings = new Map<number, Ring>();
    for (const { index, config, weights } of rows) {
      this.#dataplane.write({ op: "vip-info", vip: index, config });
      if (weights.size === 0) {
        this.#dataplane.write({ op: "ring", vip: index, ring: null });
        continue;
      }
      const slots = this.#ringOf(weights, config.ringHash);
      rings.set(index, { slots, prev: new Uint16Array(slots.length), changedAt: 0, generation: 1 });
    }
    // In one batch: each swap by itself would wait 13 ms.
    this.#dataplane.maps.rings.setAll(rings);
    this.#dataplane.write({ op: "vip-table", vips: rows });
  }

  /**
   * The key of a VIP under test.
   *
   * @param options Address, port, protocol, and prefix if it is one.
   * @returns The key.
   */
  key({ address, prefixLength, port, protocol }: VipOptions): VipKey {
    const parsed = mustParse(address);
    return {
      address: parsed,
      prefixLength: prefixLength ?? (parsed.family === 4 ? 32 : 128),
      port,
      protocol,
    };
  }

  #ringOf(weights: ReadonlyMap<number, number>, hash: RingHash): Uint16Array {
    const byIndex = new Map([...this.#reals.values()].map((real) => [real.index, real]));
    const members = [...weights].flatMap(([real, weight]) => {
      const address = byIndex.get(real)?.config.address;
      return address === undefined ? [] : [{ real, address, weight }];
    });
    return maglev(members, hash);
  }

  #vip(key: VipKey): Vip {
    const vip = this.#vips.get(vipKeyText(key));
    if (vip === undefined) throw new Error(`Cannot find VIP "${vipKeyText(key)}"`);
    return vip;
  }

  #real(address: string): Real {
    const parsed = mustParse(address);
    const known = this.#reals.get(parsed.text);
    if (known !== undefined) return known;
    const real: Real = {
      index: this.#reals.size + 1,
      config: { address: parsed, name: "", local: false, encap: null },
      downSomewhere: false,
    };
    this.#reals.set(parsed.text, real);
    this.#writeReal(real);
    return real;
  }

  #writeReal({ index, config, downSomewhere }: Real): void {
    this.#dataplane.write({ op: "real-info", index, config, retired: false });
    this.#dataplane.write({ op: "real", index, config, downSomewhere });
  }
}

function mustParse(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`Cannot read "${text}" as an address`);
  return address;
}
