import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { decode, encode } from "../codec.ts";
import { indexKey } from "../struct_map.ts";

const ONLY = indexKey(0);

/** Section `.data.host`: what the program reads and user space may change while it runs. */
export class HostMap {
  readonly #map: BpfMap;

  /** @param map The map of the section, which holds nothing else. */
  constructor(map: BpfMap) {
    this.#map = map;
  }

  /** Reads all of it. */
  get(): abi.Host {
    return decode(abi.Host, this.#map.lookup(ONLY) ?? new Uint8Array(0));
  }

  /**
   * Changes some fields. Packets may see the fields change one by one.
   *
   * @param change Fields with their new values.
   */
  set(change: Partial<abi.Host>): void {
    this.#map.update(ONLY, encode(abi.Host, { ...this.get(), ...change }));
  }
}
