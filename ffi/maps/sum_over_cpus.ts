import type { BpfMap } from "../bpf_map.ts";
import { decode } from "../codec.ts";
import type { Layout } from "../layout.ts";
import { indexKey } from "../struct_map.ts";

/** The counters of a struct. */
export interface Sums {
  /** By field, `struct.field` for nested ones. */
  readonly scalars: ReadonlyMap<string, bigint>;
  /** By field. */
  readonly arrays: ReadonlyMap<string, readonly bigint[]>;
}

/**
 * Adds up the structs of all CPUs field by field.
 *
 * @param map A per-CPU array.
 * @param index Index of the element.
 * @param layout The struct; its fields are u64, arrays of them and structs of the same kind.
 * @returns Sums.
 */
export function sumOverCpus<T>(map: BpfMap, index: number, layout: Layout<T>): Sums {
  const scalars = new Map<string, bigint>();
  const arrays = new Map<string, bigint[]>();
  for (const struct of eachCpu(map, index, layout)) addStruct("", struct, scalars, arrays);
  return { scalars, arrays };
}

/**
 * Reads the struct of each possible CPU.
 *
 * @param map A per-CPU array.
 * @param index Index of the element.
 * @param layout The struct.
 * @returns Structs by number of the CPU.
 */
export function eachCpu<T>(map: BpfMap, index: number, layout: Layout<T>): Generator<T> {
  return structsIn(map.lookup(indexKey(index)) ?? new Uint8Array(0), layout);
}

/**
 * Takes a per-CPU value apart.
 *
 * @param bytes As a look-up returns it.
 * @param layout The struct.
 * @returns Structs by number of the CPU.
 */
export function* structsIn<T>(bytes: Uint8Array, layout: Layout<T>): Generator<T> {
  for (let at = 0; at < bytes.length; at += Math.ceil(layout.size / 8) * 8) {
    yield decode(layout, bytes.subarray(at, at + layout.size));
  }
}

function addStruct(
  prefix: string,
  struct: unknown,
  scalars: Map<string, bigint>,
  arrays: Map<string, bigint[]>,
): void {
  for (const [field, value] of Object.entries(struct as Readonly<Record<string, unknown>>)) {
    const name = `${prefix}${field}`;
    if (typeof value === "bigint") {
      scalars.set(name, (scalars.get(name) ?? 0n) + value);
    } else if (value instanceof BigUint64Array) {
      const before = arrays.get(name) ?? [];
      arrays.set(name, Array.from(value, (count, i) => count + (before[i] ?? 0n)));
    } else {
      addStruct(`${name}.`, value, scalars, arrays);
    }
  }
}
