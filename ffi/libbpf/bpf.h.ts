/**
 * <bpf/bpf.h>: thin wrappers of the bpf(2) commands. They return -errno, or a new descriptor.
 *
 * @module
 */
export const bpf = {
  bpf_map_create: {
    parameters: [
      "u32", // enum bpf_map_type map_type
      "buffer", // const char *map_name
      "u32", // __u32 key_size
      "u32", // __u32 value_size
      "u32", // __u32 max_entries
      "buffer", // const struct bpf_map_create_opts *opts
    ],
    result: "i32", // int
  },
  bpf_map_update_elem: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *key
      "buffer", // const void *value
      "u64", // __u64 flags
    ],
    result: "i32", // int
  },
  bpf_map_lookup_elem: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *key
      "buffer", // void *value
    ],
    result: "i32", // int
  },
  bpf_map_delete_elem: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *key
    ],
    result: "i32", // int
  },
  bpf_map_get_next_key: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *key
      "buffer", // void *next_key
    ],
    result: "i32", // int
  },
  bpf_map_lookup_batch: {
    parameters: [
      "i32", // int fd
      "buffer", // void *in_batch
      "buffer", // void *out_batch
      "buffer", // void *keys
      "buffer", // void *values
      "buffer", // __u32 *count
      "buffer", // const struct bpf_map_batch_opts *opts
    ],
    result: "i32", // int
  },
  bpf_map_update_batch: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *keys
      "buffer", // const void *values
      "buffer", // __u32 *count
      "buffer", // const struct bpf_map_batch_opts *opts
    ],
    result: "i32", // int
  },
  bpf_obj_pin: {
    parameters: [
      "i32", // int fd
      "buffer", // const char *pathname
    ],
    result: "i32", // int
  },
  bpf_obj_get: {
    parameters: [
      "buffer", // const char *pathname
    ],
    result: "i32", // int
  },
  bpf_link_create: {
    parameters: [
      "i32", // int prog_fd
      "i32", // int target_fd
      "u32", // enum bpf_attach_type attach_type
      "buffer", // const struct bpf_link_create_opts *opts
    ],
    result: "i32", // int
  },
  bpf_link_detach: {
    parameters: [
      "i32", // int link_fd
    ],
    result: "i32", // int
  },
  bpf_link_update: {
    parameters: [
      "i32", // int link_fd
      "i32", // int new_prog_fd
      "buffer", // const struct bpf_link_update_opts *opts
    ],
    result: "i32", // int
  },
  bpf_prog_get_fd_by_id: {
    parameters: [
      "u32", // __u32 id
    ],
    result: "i32", // int
  },
  bpf_map_get_fd_by_id: {
    parameters: [
      "u32", // __u32 id
    ],
    result: "i32", // int
  },
  bpf_obj_get_info_by_fd: {
    parameters: [
      "i32", // int bpf_fd
      "buffer", // void *info
      "buffer", // __u32 *info_len
    ],
    result: "i32", // int
  },
  bpf_prog_test_run_opts: {
    parameters: [
      "i32", // int prog_fd
      "buffer", // struct bpf_test_run_opts *opts
    ],
    result: "i32", // int
  },
} as const satisfies Deno.ForeignLibraryInterface;
