import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import type { Address } from "../../core/addr/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { decode, encode } from "../codec.ts";
import { indexKey, keyIndex } from "../struct_map.ts";

/** Map `decap_destinations`: outer addresses whose tunnel packets are taken apart. */
export class DecapDestinationsMap {
  readonly #map: BpfMap;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = map;
  }

  /**
   * Lists an address, or takes it off.
   *
   * @param address Outer destination.
   * @param flags Bits of enum decap_flag; null: tunnel packets to it pass.
   * @throws {DataplaneError} When the map is full.
   */
  set(address: Address, flags: number | null): void {
    const key = encode(abi.DecapKey, { addr: address.bytes });
    if (flags === null) this.#map.delete(key);
    else this.#map.update(key, indexKey(flags));
  }

  /** Lists addresses with their flags. An address whose last 12 bytes are zero is IPv4. */
  *entries(): Generator<readonly [Address, number]> {
    for (const [key, flags] of this.#map.entries()) {
      const { addr } = decode(abi.DecapKey, key);
      const family = addr.subarray(4).some((byte) => byte !== 0) ? 6 : 4;
      yield [addressFromBytes(family, addr), keyIndex(flags)];
    }
  }
}
