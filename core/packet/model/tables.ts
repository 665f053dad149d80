import type { Address, Family, Prefix } from "../../addr/types.ts";
import type { RealConfig, Ring, VipConfig, VipFlag } from "../../state/types.ts";
import { equalBytes, readU8, toHex } from "../bytes.ts";
import { IpProtocol } from "../protocol.ts";
import { type FlowKey, FlowTable } from "./flow_table.ts";
import type { Settings } from "./settings.ts";

/** A VIP as the data plane sees it. */
export interface ModelVip {
  /** Index into rings and counters. */
  readonly index: number;
  readonly config: VipConfig;
  /** null: no ring. */
  readonly ring: Ring | null;
}

/** A source prefix and the real its clients go to. */
export interface SourcePrefix extends Prefix {
  readonly real: number;
}

/** An outer destination whose tunnel packets are decapsulated inline. */
export interface DecapDestination {
  readonly address: Address;
  /** What becomes of inner packets; `pass` is DECAP_PASS, `return` DECAP_RETURN. */
  readonly inner: "balance" | "pass" | "return";
}

/** An entry of the shared flow table. */
export interface GlobalFlow {
  readonly key: FlowKey;
  readonly real: number;
}

/** What the maps hold. */
export interface ModelTables {
  readonly vips: readonly ModelVip[];
  /** Reals with REAL_ACTIVE, by index. */
  readonly reals: ReadonlyMap<number, RealConfig>;
  /** Reals that are not usable for a VIP. */
  readonly down: readonly { readonly vip: number; readonly real: number }[];
  /** Server id to real index. */
  readonly serverIds: ReadonlyMap<number, number>;
  readonly sources: readonly SourcePrefix[];
  readonly decapDestinations: readonly DecapDestination[];
  /** The shared flow table, as a synchroniser filled it. */
  readonly globalFlows: readonly GlobalFlow[];
}

/** The settings that switch what a flag asks for. */
const FEATURE_OF_FLAG: Partial<Record<VipFlag, keyof Settings>> = {
  "quic": "quic",
  "source-routing": "sources",
  "local": "local",
  "global-flows": "globalFlows",
  "udp-stable": "udpStable",
  "udp-migration": "udpMigration",
  "tcp-server-id": "tcpServerId",
};

/** The tables with look-ups; a flag whose feature is off at load is as good as not set. */
export class Tables {
  readonly #settings: Settings;
  readonly #tables: ModelTables;
  readonly #exactVips = new Map<string, ModelVip>();
  readonly #cidrVips: readonly ModelVip[];
  readonly #exactAddresses = new Set<string>();
  readonly #down: ReadonlySet<string>;
  readonly #globalFlows = new FlowTable();

  constructor(settings: Settings, tables: ModelTables) {
    this.#settings = settings;
    this.#tables = tables;
    this.#cidrVips = tables.vips.filter(({ config }) => settings.cidr && isCidr(config));
    this.#down = new Set(tables.down.map(({ vip, real }) => `${vip}/${real}`));
    for (const { key, real } of tables.globalFlows) this.#globalFlows.put(key, real, 0);
    for (const vip of tables.vips) {
      const { address, port, protocol } = vip.config;
      if (isCidr(vip.config)) continue;
      const key = addressKey(address.family, address.bytes);
      this.#exactAddresses.add(key);
      this.#exactVips.set(`${key}/${port}/${IpProtocol[protocol]}`, vip);
    }
  }

  /** Whether the address belongs to a VIP of any port and protocol. */
  isVipAddress(family: Family, address: Uint8Array): boolean {
    return this.#exactAddresses.has(addressKey(family, address)) ||
      this.#cidrVips.some(({ config }) => isInVip(config, family, address));
  }

  /** The VIP with this very address and port. */
  exactVip(family: Family, address: Uint8Array, port: number, protocol: number): ModelVip | null {
    return this.#exactVips.get(`${addressKey(family, address)}/${port}/${protocol}`) ?? null;
  }

  /** The CIDR VIP with this very port and the longest prefix of the address. */
  cidrVip(family: Family, address: Uint8Array, port: number, protocol: number): ModelVip | null {
    const matching = this.#cidrVips.filter(({ config }) =>
      config.port === port && IpProtocol[config.protocol] === protocol &&
      isInVip(config, family, address)
    );
    return longest(matching, ({ config }) => config.prefixLength);
  }

  /** Whether the VIP has a flag whose feature is on. */
  hasFlag(vip: ModelVip, flag: VipFlag): boolean {
    const feature = FEATURE_OF_FLAG[flag];
    return vip.config.flags.includes(flag) &&
      (feature === undefined || this.#settings[feature] === true);
  }

  /** The real of this index, if it may be sent to (REAL_ACTIVE). */
  activeReal(index: number): RealConfig | null {
    return this.#tables.reals.get(index) ?? null;
  }

  /** Whether the real is active and not down for the VIP. */
  isUsable(vip: ModelVip, real: number): boolean {
    return this.#tables.reals.has(real) && !this.#down.has(`${vip.index}/${real}`);
  }

  /** The real index a server id stands for, or null. */
  realOfServerId(id: number): number | null {
    return this.#tables.serverIds.get(id) ?? null;
  }

  /** The real index that the shared flow table names, or null. */
  realOfGlobalFlow(key: FlowKey): number | null {
    return this.#globalFlows.find(key)?.real ?? null;
  }

  /** The real of the longest prefix that the source lies in, or null. */
  realOfSource(family: Family, source: Uint8Array): number | null {
    const matching = this.#tables.sources.filter(({ address, prefixLength }) =>
      address.family === family && startsWith(source, address.bytes, prefixLength)
    );
    return longest(matching, ({ prefixLength }) => prefixLength)?.real ?? null;
  }

  /** The entry of an outer destination, if it is listed. */
  decapDestination(family: Family, address: Uint8Array): DecapDestination | null {
    return this.#tables.decapDestinations.find((entry) =>
      entry.address.family === family && equalBytes(entry.address.bytes, address)
    ) ?? null;
  }
}

/** Whether the VIP is a prefix of addresses. */
export function isCidr({ address, prefixLength }: VipConfig): boolean {
  return prefixLength < (address.family === 4 ? 32 : 128);
}

function isInVip(config: VipConfig, family: Family, address: Uint8Array): boolean {
  return config.address.family === family &&
    startsWith(address, config.address.bytes, config.prefixLength);
}

function addressKey(family: Family, address: Uint8Array): string {
  return `${family}/${toHex(address)}`;
}

function startsWith(address: Uint8Array, prefix: Uint8Array, bits: number): boolean {
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = 0xff00 >> Math.min(8, bits - bit) & 0xff;
    if (((readU8(address, bit >> 3) ^ readU8(prefix, bit >> 3)) & mask) !== 0) return false;
  }
  return true;
}

function longest<T>(entries: readonly T[], prefixLength: (entry: T) => number): T | null {
  return entries.reduce<T | null>(
    (best, entry) => best === null || prefixLength(entry) > prefixLength(best) ? entry : best,
    null,
  );
}
