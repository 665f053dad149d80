import type { Address } from "../../core/addr/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { encode } from "../codec.ts";

const LISTED = Uint8Array.of(1);

/** Map `decap_addresses` of the program on reals: the host's own addresses. */
export class DecapAddressesMap {
  readonly #map: BpfMap;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = map;
  }

  /**
   * Replaces the list; an address in old and new is never missing.
   *
   * @param addresses All addresses.
   * @throws {DataplaneError} When the map is full.
   */
  set(addresses: readonly Address[]): void {
    const keys = addresses.map(({ bytes }) => encode(abi.DecapKey, { addr: bytes }));
    for (const key of keys) this.#map.update(key, LISTED);
    const wanted = new Set(keys.map((key) => key.toHex()));
    const present = [...this.#map.keys()];
    for (const key of present) if (!wanted.has(key.toHex())) this.#map.delete(key);
  }
}
