import { cString, fromCString } from "./c_string.ts";
import { check } from "./errors.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";

/** Where a global variable stands in its section. */
export interface Variable {
  /** In bytes. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
}

/** sizeof(struct btf_type) and of struct btf_var_secinfo, three u32 each; BTF is a fixed format. */
const BTF_TYPE_SIZE = 12;
const SECINFO_SIZE = 12;

/**
 * Finds a global variable of a BPF program.
 *
 * @param btf Types, a `struct btf *`.
 * @param section Section, which is also the map's name: `.rodata`.
 * @param name Name in C.
 * @returns Offset and size.
 * @throws {DataplaneError} When the section is missing.
 * @throws {Error} When the variable is missing.
 */
export function findVariable(btf: Deno.PointerValue, section: string, name: string): Variable {
  const { btf__find_by_name_kind, btf__name_by_offset } = libbpf();
  const id = check(
    btf__find_by_name_kind(btf, cString(section), kernel.BTF_KIND_DATASEC),
    "find section",
    section,
  );
  const type = typeView(btf, id);
  const count = type.getUint32(4) & 0xffff;
  for (let i = 0; i < count; i++) {
    const at = BTF_TYPE_SIZE + i * SECINFO_SIZE;
    const variable = typeView(btf, type.getUint32(at));
    if (fromCString(btf__name_by_offset(btf, variable.getUint32(0))) === name) {
      return { offset: type.getUint32(at + 4), size: type.getUint32(at + 8) };
    }
  }
  throw new Error(`Cannot find variable "${name}" in section "${section}"`);
}

function typeView(btf: Deno.PointerValue, id: number): Deno.UnsafePointerView {
  const pointer = libbpf().btf__type_by_id(btf, id);
  if (pointer === null) throw new Error(`Cannot find BTF type ${id}`);
  return new Deno.UnsafePointerView(pointer);
}
