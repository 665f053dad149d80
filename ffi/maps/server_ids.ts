import type { BpfMap } from "../bpf_map.ts";
import { indexKey, keyIndex } from "../struct_map.ts";

/** Map `server_ids`: the real that a QUIC connection id, stable-routing id or TCP server id names. */
export class ServerIdsMap {
  readonly #map: BpfMap;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = map;
  }

  /**
   * Maps an id.
   *
   * @param id 1 to 2^32 - 1.
   * @param real Index of the real; null: the id is unknown.
   * @throws {DataplaneError} When the map is full.
   */
  set(id: number, real: number | null): void {
    if (real === null) this.#map.delete(indexKey(id));
    else this.#map.update(indexKey(id), indexKey(real));
  }

  /** Lists ids with their real indices. */
  *entries(): Generator<readonly [number, number]> {
    for (const [id, real] of this.#map.entries()) yield [keyIndex(id), keyIndex(real)];
  }
}
