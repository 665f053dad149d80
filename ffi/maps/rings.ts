import type { Ring } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import { BpfMap, type MapEntry } from "../bpf_map.ts";
import { decode, encode } from "../codec.ts";
import { BPF_MAP_TYPE_ARRAY } from "../libbpf/kernel.gen.ts";
import { indexKey, keyIndex, outOfRange } from "../struct_map.ts";

const ONLY = indexKey(0);

/** Map `rings`: one inner map per VIP, swapped as a whole. */
export class RingsMap {
  readonly #map: BpfMap;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = map;
  }

  /**
   * Reads a VIP's ring.
   *
   * @param vip Index of the VIP.
   * @returns The ring, or null if it has none.
   */
  get(vip: number): Ring | null {
    const id = this.#map.lookup(indexKey(vip));
    if (id === null) return null;
    using inner = BpfMap.byId(keyIndex(id));
    const bytes = inner.lookup(ONLY);
    if (bytes === null) return null;
    const { slot, prev, changed_at, generation } = decode(abi.Ring, bytes);
    return { slots: slot, prev, changedAt: changed_at, generation };
  }

  /**
   * Replaces a VIP's ring. The kernel waits until no packet uses the old one: 13 to 21 ms.
   *
   * @param vip Index of the VIP.
   * @param ring The ring; null: packets are dropped as no_real.
   * @throws {RangeError} When the ring has not RING_SIZE slots or the index does not fit.
   */
  set(vip: number, ring: Ring | null): void {
    if (ring === null) this.#delete(vip);
    else this.setAll(new Map([[vip, ring]]));
  }

  /**
   * Replaces many rings; kernels from 6.8 on wait only once.
   *
   * @param rings Rings by VIP index.
   * @throws {RangeError} When a ring has not RING_SIZE slots or an index does not fit.
   */
  setAll(rings: ReadonlyMap<number, Ring>): void {
    using inner = new DisposableStack();
    const entries = [...rings].map(([vip, ring]): MapEntry => {
      if (vip >= this.#map.info.max_entries) throw outOfRange(this.#map, vip);
      return [indexKey(vip), indexKey(inner.use(createRing(ring)).fd)];
    });
    this.#map.updateBatch(entries);
  }

  #delete(vip: number): void {
    if (vip >= this.#map.info.max_entries) throw outOfRange(this.#map, vip);
    this.#map.delete(indexKey(vip));
  }
}

function createRing(ring: Ring): BpfMap {
  using guard = new DisposableStack();
  const map = guard.use(createRingTemplate());
  map.update(
    ONLY,
    encode(abi.Ring, {
      slot: ring.slots,
      prev: ring.prev,
      changed_at: ring.changedAt,
      generation: ring.generation,
    }),
  );
  guard.move();
  return map;
}

/**
 * Makes an empty ring map, as `rings` holds them: without BTF, which kernels 5.15 to 6.1 compare (timer_off).
 *
 * @returns The map.
 */
export function createRingTemplate(): BpfMap {
  return BpfMap.create({
    name: "vip_ring",
    type: BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: abi.Ring.size,
    maxEntries: 1,
  });
}
