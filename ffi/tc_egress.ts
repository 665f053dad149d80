import type { BpfProgram } from "./bpf_program.ts";
import { decode, encode } from "./codec.ts";
import { errno } from "./errno.ts";
import { check } from "./errors.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";

/** Our place among the filters of an interface: any number will do that others do not use. */
const PRIORITY = 2307;
const HANDLE = 1;
const NO_FILTER: ReadonlySet<string> = new Set(["ENOENT", "EINVAL", "ENODEV"]);

/**
 * Attaches a program to what leaves by an interface (clsact). It stays when the process ends.
 *
 * @param program A tc program.
 * @param ifindex Index of the interface.
 * @throws {DataplaneError} When there is one at our place already, or the kernel refuses.
 */
export function attachEgress(program: BpfProgram, ifindex: number): void {
  const hook = hookOf(ifindex);
  const created = libbpf().bpf_tc_hook_create(hook);
  if (errno(created).name !== "EEXIST") check(created, "add a clsact qdisc");
  check(libbpf().bpf_tc_attach(hook, filter(program.fd)), "attach to egress", null, {
    EEXIST: "a program is attached already, detach it first",
  });
}

/**
 * Takes our program off. The empty clsact qdisc stays: others may use it.
 *
 * @param ifindex Index of the interface.
 * @throws {DataplaneError} When there is none.
 */
export function detachEgress(ifindex: number): void {
  check(libbpf().bpf_tc_detach(hookOf(ifindex), filter(0)), "detach from egress");
}

/**
 * Asks for the program at our place.
 *
 * @param ifindex Index of the interface.
 * @returns Its number in the kernel, or null.
 * @throws {DataplaneError} When the kernel refuses.
 */
export function queryEgress(ifindex: number): number | null {
  const opts = filter(0);
  const result = libbpf().bpf_tc_query(hookOf(ifindex), opts);
  if (NO_FILTER.has(errno(result).name)) return null;
  check(result, "query egress");
  return decode(kernel.BpfTcOpts, opts).prog_id;
}

function hookOf(ifindex: number): Uint8Array<ArrayBuffer> {
  return encode(kernel.BpfTcHook, {
    sz: BigInt(kernel.BpfTcHook.size),
    ifindex,
    attach_point: kernel.BPF_TC_EGRESS,
    parent: 0,
  });
}

function filter(fd: number): Uint8Array<ArrayBuffer> {
  return encode(kernel.BpfTcOpts, {
    sz: BigInt(kernel.BpfTcOpts.size),
    prog_fd: fd,
    flags: 0,
    prog_id: 0,
    handle: HANDLE,
    priority: PRIORITY,
  });
}
