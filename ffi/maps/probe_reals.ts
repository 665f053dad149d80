import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { decode, encode } from "../codec.ts";
import { indexKey, keyIndex } from "../struct_map.ts";

/** Map `probe_reals` of the health-check program: the real of each socket mark. */
export class ProbeRealsMap {
  readonly #map: BpfMap;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = map;
  }

  /**
   * Says where packets of a mark go.
   *
   * @param mark SO_MARK, from 1.
   * @param real The real; null: nowhere.
   * @throws {DataplaneError} When the map is full.
   */
  set(mark: number, real: abi.ProbeReal | null): void {
    if (real === null) this.#map.delete(indexKey(mark));
    else this.#map.update(indexKey(mark), encode(abi.ProbeReal, real));
  }

  /** Lists marks with their reals. */
  *entries(): Generator<readonly [number, abi.ProbeReal]> {
    for (const [mark, real] of this.#map.entries()) {
      yield [keyIndex(mark), decode(abi.ProbeReal, real)];
    }
  }
}
