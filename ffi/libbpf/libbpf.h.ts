/**
 * <bpf/libbpf.h>: opening, editing and loading an object. Functions that return int give -errno,
 * those that return a pointer give NULL and set errno.
 *
 * @module
 */
export const libbpfObject = {
  libbpf_major_version: {
    parameters: [],
    result: "u32", // __u32
  },
  libbpf_minor_version: {
    parameters: [],
    result: "u32", // __u32
  },
  libbpf_num_possible_cpus: {
    parameters: [],
    result: "i32", // int
  },
  libbpf_probe_bpf_helper: {
    parameters: [
      "u32", // enum bpf_prog_type prog_type
      "u32", // enum bpf_func_id helper_id
      "pointer", // const void *opts
    ],
    result: "i32", // int
  },
  libbpf_set_print: {
    parameters: [
      "function", // libbpf_print_fn_t fn
    ],
    result: "pointer", // libbpf_print_fn_t
  },
  bpf_object__open_mem: {
    parameters: [
      "buffer", // const void *obj_buf
      "usize", // size_t obj_buf_sz
      "buffer", // const struct bpf_object_open_opts *opts
    ],
    result: "pointer", // struct bpf_object *
  },
  bpf_object__load: {
    parameters: [
      "pointer", // struct bpf_object *obj
    ],
    result: "i32", // int
  },
  bpf_object__close: {
    parameters: [
      "pointer", // struct bpf_object *object
    ],
    result: "void", // void
  },
  bpf_object__btf: {
    parameters: [
      "pointer", // const struct bpf_object *obj
    ],
    result: "pointer", // struct btf *
  },
  bpf_object__find_program_by_name: {
    parameters: [
      "pointer", // const struct bpf_object *obj
      "buffer", // const char *name
    ],
    result: "pointer", // struct bpf_program *
  },
  bpf_object__find_map_by_name: {
    parameters: [
      "pointer", // const struct bpf_object *obj
      "buffer", // const char *name
    ],
    result: "pointer", // struct bpf_map *
  },
  bpf_object__next_map: {
    parameters: [
      "pointer", // const struct bpf_object *obj
      "pointer", // const struct bpf_map *map
    ],
    result: "pointer", // struct bpf_map *
  },
  bpf_program__fd: {
    parameters: [
      "pointer", // const struct bpf_program *prog
    ],
    result: "i32", // int
  },
  bpf_map__fd: {
    parameters: [
      "pointer", // const struct bpf_map *map
    ],
    result: "i32", // int
  },
  bpf_map__name: {
    parameters: [
      "pointer", // const struct bpf_map *map
    ],
    result: "pointer", // const char *
  },
  bpf_map__set_inner_map_fd: {
    parameters: [
      "pointer", // struct bpf_map *map
      "i32", // int fd
    ],
    result: "i32", // int
  },
  bpf_map__reuse_fd: {
    parameters: [
      "pointer", // struct bpf_map *map
      "i32", // int fd
    ],
    result: "i32", // int
  },
  bpf_map__set_max_entries: {
    parameters: [
      "pointer", // struct bpf_map *map
      "u32", // __u32 max_entries
    ],
    result: "i32", // int
  },
  bpf_map__initial_value: {
    parameters: [
      "pointer", // struct bpf_map *map
      "buffer", // size_t *psize
    ],
    result: "pointer", // const void *
  },
  bpf_map__set_initial_value: {
    parameters: [
      "pointer", // struct bpf_map *map
      "buffer", // const void *data
      "usize", // size_t size
    ],
    result: "i32", // int
  },
  perf_buffer__new: {
    parameters: [
      "i32", // int map_fd
      "usize", // size_t page_cnt
      "function", // perf_buffer_sample_fn sample_cb
      "function", // perf_buffer_lost_fn lost_cb
      "pointer", // void *ctx
      "pointer", // const struct perf_buffer_opts *opts
    ],
    result: "pointer", // struct perf_buffer *
  },
  perf_buffer__poll: {
    parameters: [
      "pointer", // struct perf_buffer *pb
      "i32", // int timeout_ms
    ],
    result: "i32", // int
  },
  perf_buffer__free: {
    parameters: [
      "pointer", // struct perf_buffer *pb
    ],
    result: "void", // void
  },
  bpf_xdp_attach: {
    parameters: [
      "i32", // int ifindex
      "i32", // int prog_fd
      "u32", // __u32 flags
      "buffer", // const struct bpf_xdp_attach_opts *opts
    ],
    result: "i32", // int
  },
  bpf_xdp_detach: {
    parameters: [
      "i32", // int ifindex
      "u32", // __u32 flags
      "buffer", // const struct bpf_xdp_attach_opts *opts
    ],
    result: "i32", // int
  },
  bpf_xdp_query: {
    parameters: [
      "i32", // int ifindex
      "i32", // int flags
      "buffer", // struct bpf_xdp_query_opts *opts
    ],
    result: "i32", // int
  },
  bpf_tc_hook_create: {
    parameters: [
      "buffer", // struct bpf_tc_hook *hook
    ],
    result: "i32", // int
  },
  bpf_tc_attach: {
    parameters: [
      "buffer", // const struct bpf_tc_hook *hook
      "buffer", // struct bpf_tc_opts *opts
    ],
    result: "i32", // int
  },
  bpf_tc_detach: {
    parameters: [
      "buffer", // const struct bpf_tc_hook *hook
      "buffer", // const struct bpf_tc_opts *opts
    ],
    result: "i32", // int
  },
  bpf_tc_query: {
    parameters: [
      "buffer", // const struct bpf_tc_hook *hook
      "buffer", // struct bpf_tc_opts *opts
    ],
    result: "i32", // int
  },
} as const satisfies Deno.ForeignLibraryInterface;
