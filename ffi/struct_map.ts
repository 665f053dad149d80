import type { BpfMap } from "./bpf_map.ts";
import { decode, encode } from "./codec.ts";
import { DataplaneError } from "./errors.ts";
import type { Layout } from "./layout.ts";

/** A hash or trie whose keys and values are structs. */
export class StructMap<K, V> {
  readonly #map: BpfMap;
  readonly #key: Layout<K>;
  readonly #value: Layout<V>;

  /**
   * @param map The map; whoever opened it stays its owner.
   * @param key Layout of its keys.
   * @param value Layout of its values.
   * @throws {DataplaneError} When the map has other sizes.
   */
  constructor(map: BpfMap, key: Layout<K>, value: Layout<V>) {
    checkSizes(map, key.size, value.size);
    this.#map = map;
    this.#key = key;
    this.#value = value;
  }

  /** Keys it can hold. */
  get capacity(): number {
    return this.#map.info.max_entries;
  }

  /**
   * @param key The key.
   * @returns Its value, or null.
   */
  get(key: K): V | null {
    const bytes = this.#map.lookup(encode(this.#key, key));
    return bytes === null ? null : decode(this.#value, bytes);
  }

  /**
   * @param key The key.
   * @param value Replaces what is there.
   * @throws {DataplaneError} When the map is full.
   */
  set(key: K, value: V): void {
    this.#map.update(encode(this.#key, key), encode(this.#value, value));
  }

  /**
   * @param key The key; it need not be there.
   */
  delete(key: K): void {
    this.#map.delete(encode(this.#key, key));
  }

  /** Lists the map; entries that change meanwhile can be missed or come twice. */
  *entries(): Generator<readonly [K, V]> {
    for (const [key, value] of this.#map.entries()) {
      yield [decode(this.#key, key), decode(this.#value, value)];
    }
  }
}

/** An array of structs. Every index always has a value, zeros at first. */
export class StructArray<V> {
  readonly #map: BpfMap;
  readonly #value: Layout<V>;

  /**
   * @param map The map; whoever opened it stays its owner.
   * @param value Layout of its values.
   * @throws {DataplaneError} When the map has other sizes.
   */
  constructor(map: BpfMap, value: Layout<V>) {
    checkSizes(map, 4, value.size);
    this.#map = map;
    this.#value = value;
  }

  /** Number of elements. */
  get length(): number {
    return this.#map.info.max_entries;
  }

  /**
   * @param index From 0.
   * @returns The element.
   * @throws {RangeError} When the index is too large.
   */
  get(index: number): V {
    const bytes = this.#map.lookup(indexKey(index));
    if (bytes === null) throw outOfRange(this.#map, index);
    return decode(this.#value, bytes);
  }

  /**
   * @param index From 0.
   * @param value The element; null writes zeros.
   * @throws {RangeError} When the index is too large.
   */
  set(index: number, value: V | null): void {
    if (index >= this.length) throw outOfRange(this.#map, index);
    const bytes = value === null ? new Uint8Array(this.#value.size) : encode(this.#value, value);
    this.#map.update(indexKey(index), bytes);
  }

  /**
   * Lists elements in order.
   *
   * @param keep Chooses them by their bytes: most of an array is unused, and decoding costs.
   */
  *entries(keep: (bytes: Uint8Array) => boolean): Generator<readonly [number, V]> {
    for (const [key, value] of this.#map.entries()) {
      if (keep(value)) yield [keyIndex(key), decode(this.#value, value)];
    }
  }
}

/**
 * The key of an array's element.
 *
 * @param index From 0.
 * @returns A `__u32`.
 */
export function indexKey(index: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint32Array.of(index).buffer);
}

/**
 * The index that a key stands for.
 *
 * @param key A `__u32`.
 * @returns From 0.
 */
export function keyIndex(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset, 4).getUint32(0, true);
}

/**
 * Says that an array has no such element.
 *
 * @param map The array.
 * @param index The index.
 * @returns An error to throw.
 */
export function outOfRange(map: BpfMap, index: number): RangeError {
  const { name, max_entries: length } = map.info;
  return new RangeError(`Cannot use index ${index} of map "${name}": it has ${length} entries`);
}

function checkSizes(map: BpfMap, key: number, value: number): void {
  const { name, key_size: keySize, value_size: valueSize } = map.info;
  if (keySize === key && valueSize === value) return;
  throw new DataplaneError({
    action: "use map",
    object: name,
    errno: null,
    reason: `its keys and values have ${keySize} and ${valueSize} bytes, want ${key} and ${value}`,
    hint: "detach and attach again with this version of weir",
  });
}
