import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import type { Prefix } from "../../core/addr/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { decode, encode } from "../codec.ts";
import { indexKey, keyIndex } from "../struct_map.ts";

/** Maps `sources_v4` and `sources_v6`: the real that clients of a prefix are sent to. */
export class SourcesMap {
  readonly #v4: BpfMap;
  readonly #v6: BpfMap;

  /**
   * @param v4 Map of the IPv4 prefixes.
   * @param v6 Map of the IPv6 prefixes.
   */
  constructor(v4: BpfMap, v6: BpfMap) {
    this.#v4 = v4;
    this.#v6 = v6;
  }

  /**
   * Routes a prefix.
   *
   * @param prefix The prefix.
   * @param real Index of the real; null: the prefix is not routed.
   * @throws {DataplaneError} When the map is full.
   */
  set({ address, prefixLength }: Prefix, real: number | null): void {
    const v4 = address.family === 4;
    const map = v4 ? this.#v4 : this.#v6;
    const key = encode<abi.SourceKeyV4>(v4 ? abi.SourceKeyV4 : abi.SourceKeyV6, {
      prefix_len: prefixLength,
      addr: v4 ? address.bytes.subarray(0, 4) : address.bytes,
    });
    if (real === null) map.delete(key);
    else map.update(key, indexKey(real));
  }

  /** Lists prefixes with their real indices. */
  *entries(): Generator<readonly [Prefix, number]> {
    for (const [bytes, real] of this.#v4.entries()) {
      const { prefix_len, addr } = decode(abi.SourceKeyV4, bytes);
      yield [{ address: addressFromBytes(4, addr), prefixLength: prefix_len }, keyIndex(real)];
    }
    for (const [bytes, real] of this.#v6.entries()) {
      const { prefix_len, addr } = decode(abi.SourceKeyV6, bytes);
      yield [{ address: addressFromBytes(6, addr), prefixLength: prefix_len }, keyIndex(real)];
    }
  }
}
