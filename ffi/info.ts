import { decode } from "./codec.ts";
import { check } from "./errors.ts";
import type { Layout } from "./layout.ts";
import { libbpf } from "./libbpf/open.ts";

/** The kernel writes what it knows; newer fields than these stay unread. */
const INFO_ROOM = 512;

/**
 * Asks the kernel about a map, program or link.
 *
 * @param layout The info struct of its kind.
 * @param fd An open descriptor.
 * @returns What the kernel says; fields it does not know are zero.
 * @throws {DataplaneError} When the kernel refuses.
 */
export function queryInfo<T>(layout: Layout<T>, fd: number): T {
  const bytes = new Uint8Array(INFO_ROOM);
  const length = new Uint32Array([layout.size]);
  check(libbpf().bpf_obj_get_info_by_fd(fd, bytes, length), `query ${layout.name}`);
  return decode(layout, bytes.subarray(0, layout.size));
}
