import { BpfMap, type MapEntry } from "./bpf_map.ts";
import { BPF_MAP_TYPE_ARRAY_OF_MAPS } from "./libbpf/kernel.gen.ts";
import { indexKey, keyIndex } from "./struct_map.ts";

/** Turns a value of one layout into one of another. Per-CPU maps: the values of all CPUs. */
export type ConvertValue = (value: Uint8Array) => Uint8Array;

/** Entries that are written at once. */
const CHUNK = 1024;

/**
 * Copies all entries of a map to another of the same keys.
 *
 * @param from Read while programs may still write to it.
 * @param to Where entries go; those it has already stay, unless they have the same key.
 * @param convert From the layout of one to that of the other.
 * @throws {RangeError} When a converted value does not fit.
 * @throws {DataplaneError} When the kernel refuses.
 */
export function copyMap(from: BpfMap, to: BpfMap, convert: ConvertValue): void {
  if (from.info.type === BPF_MAP_TYPE_ARRAY_OF_MAPS) return copyInnerMaps(from, to, convert);
  let chunk: MapEntry[] = [];
  for (const [key, value] of from.entries()) {
    chunk.push([key, convert(value)]);
    if (chunk.length < CHUNK) continue;
    to.updateBatch(chunk);
    chunk = [];
  }
  to.updateBatch(chunk);
}

/** The new inner maps are as the old ones, with one element's size taken from its converted value. */
function copyInnerMaps(from: BpfMap, to: BpfMap, convert: ConvertValue): void {
  for (let index = 0; index < from.info.max_entries; index++) {
    const id = from.lookup(indexKey(index));
    if (id === null) continue;
    using old = BpfMap.byId(keyIndex(id));
    const { type, key_size: keySize, max_entries: maxEntries } = old.info;
    const valueSize = convert(new Uint8Array(old.valueBytes)).length;
    using fresh = BpfMap.create({ name: old.info.name, type, keySize, valueSize, maxEntries });
    copyMap(old, fresh, convert);
    to.update(indexKey(index), indexKey(fresh.fd));
  }
}
