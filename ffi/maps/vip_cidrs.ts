import type { VipTableRow } from "../../core/dataplane.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { StructMap } from "../struct_map.ts";
import { encodeVipFlags, isCidr, PROTOCOLS } from "./codes.ts";

type Entry = readonly [abi.VipCidrKey, abi.VipCidr];

/** Bits of port, protocol and family, which stand before the prefix in the key. */
const FIXED_BITS = 32;

/** Map `vip_cidrs`: VIPs that are prefixes, and a mark for each prefix. */
export class VipCidrsMap {
  readonly #map: StructMap<abi.VipCidrKey, abi.VipCidr>;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = new StructMap(map, abi.VipCidrKey, abi.VipCidr);
  }

  /**
   * Writes the prefixes among the VIPs; those of before stay until `prune`.
   *
   * @param rows All VIPs.
   * @throws {DataplaneError} When the map is full.
   */
  add(rows: readonly VipTableRow[]): void {
    for (const [key, value] of entriesOf(rows).values()) this.#map.set(key, value);
  }

  /**
   * Deletes what is not among the VIPs.
   *
   * @param rows All VIPs.
   */
  prune(rows: readonly VipTableRow[]): void {
    const wanted = entriesOf(rows);
    const present = [...this.#map.entries()].map(([key]) => key);
    for (const key of present) if (!wanted.has(nameOf(key))) this.#map.delete(key);
  }
}

function entriesOf(rows: readonly VipTableRow[]): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { index, config } of rows.filter((row) => isCidr(row.config))) {
    const prefix = {
      prefix_len: FIXED_BITS + config.prefixLength,
      family: config.address.family,
      addr: config.address.bytes,
    };
    const mark = { ...prefix, port: 0, proto: 0 };
    const key = { ...prefix, port: config.port, proto: PROTOCOLS[config.protocol] };
    entries.set(nameOf(mark), [mark, { flags: 0, vip: 0 }]);
    entries.set(nameOf(key), [key, { flags: encodeVipFlags(config), vip: index }]);
  }
  return entries;
}

function nameOf({ prefix_len, port, proto, family, addr }: abi.VipCidrKey): string {
  return [prefix_len, port, proto, family, ...addr].join(" ");
}
