/**
 * <bpf/btf.h>: types of an object or of a loaded map; used to find a variable in its section.
 *
 * @module
 */
export const btf = {
  btf__free: {
    parameters: [
      "pointer", // struct btf *btf
    ],
    result: "void", // void
  },
  btf__load_from_kernel_by_id: {
    parameters: [
      "u32", // __u32 id
    ],
    result: "pointer", // struct btf *
  },
  btf__find_by_name_kind: {
    parameters: [
      "pointer", // const struct btf *btf
      "buffer", // const char *type_name
      "u32", // __u32 kind
    ],
    result: "i32", // __s32
  },
  btf__type_by_id: {
    parameters: [
      "pointer", // const struct btf *btf
      "u32", // __u32 id
    ],
    result: "pointer", // const struct btf_type *
  },
  btf__name_by_offset: {
    parameters: [
      "pointer", // const struct btf *btf
      "u32", // __u32 offset
    ],
    result: "pointer", // const char *
  },
} as const satisfies Deno.ForeignLibraryInterface;
