import type { BpfMap } from "./bpf_map.ts";
import { findVariable } from "./btf_variable.ts";
import { checkErrno } from "./errors.ts";
import { libbpf } from "./libbpf/open.ts";
import { indexKey } from "./struct_map.ts";

/** Settings as a program was loaded with them, whatever version of weir loaded it. */
export interface FrozenSettings {
  /** Version of the map layouts; the first field of the struct in every version. */
  readonly version: number;
  /** The struct in the layout of that version. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the settings that a program was loaded with.
 *
 * @param rodata The program's map `.rodata`.
 * @throws {DataplaneError} When the map has no types or no settings.
 */
export function frozenSettings(rodata: BpfMap): FrozenSettings {
  const btf = libbpf().btf__load_from_kernel_by_id(rodata.info.btf_id);
  checkErrno(btf === null, "read the types of map", ".rodata");
  try {
    const { offset, size } = findVariable(btf, ".rodata", "settings");
    const all = rodata.lookup(indexKey(0)) ?? new Uint8Array(0);
    const bytes = all.subarray(offset, offset + size);
    return { version: new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true), bytes };
  } finally {
    libbpf().btf__free(btf);
  }
}
