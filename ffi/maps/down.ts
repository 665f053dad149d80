import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { decode, encode } from "../codec.ts";

const DOWN = Uint8Array.of(1);

/** Map `down`: reals that flows of a VIP must not use. */
export class DownMap {
  readonly #map: BpfMap;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = map;
  }

  /**
   * Marks a real, or takes the mark away.
   *
   * @param key VIP and real.
   * @param down Whether it is down.
   * @throws {DataplaneError} When the map is full.
   */
  set(key: abi.DownKey, down: boolean): void {
    const bytes = encode(abi.DownKey, key);
    if (down) this.#map.update(bytes, DOWN);
    else this.#map.delete(bytes);
  }

  /** Lists the marks. */
  *keys(): Generator<abi.DownKey> {
    for (const [key] of this.#map.entries()) yield decode(abi.DownKey, key);
  }
}
