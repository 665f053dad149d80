import { BpfProgram } from "./bpf_program.ts";
import type { AttachMode } from "./bpf_link.ts";
import { decode, encode } from "./codec.ts";
import { check } from "./errors.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";

/** An XDP program on an interface. */
export interface AttachedProgram {
  readonly id: number;
  /** Name of its function, at most 15 characters; empty when it has none. */
  readonly name: string;
  readonly mode: AttachMode;
}

/**
 * Lists the XDP programs of an interface; there can be one in each mode.
 *
 * @param ifindex Index of the interface.
 * @returns Programs, the one that runs first first.
 * @throws {DataplaneError} When there is no such interface.
 */
export function queryXdp(ifindex: number): readonly AttachedProgram[] {
  const opts = encode(kernel.BpfXdpQueryOpts, {
    sz: BigInt(kernel.BpfXdpQueryOpts.size),
    prog_id: 0,
    drv_prog_id: 0,
    hw_prog_id: 0,
    skb_prog_id: 0,
    attach_mode: 0,
  });
  check(libbpf().bpf_xdp_query(ifindex, 0, opts), "query XDP programs of interface", `${ifindex}`);
  const { hw_prog_id, drv_prog_id, skb_prog_id } = decode(kernel.BpfXdpQueryOpts, opts);
  const programs: readonly (readonly [AttachMode, number])[] = [
    ["offload", hw_prog_id],
    ["native", drv_prog_id],
    ["generic", skb_prog_id],
  ];
  return programs.filter(([, id]) => id !== 0).map(([mode, id]) => ({
    id,
    name: nameOf(id),
    mode,
  }));
}

function nameOf(id: number): string {
  using program = BpfProgram.byId(id);
  return program.info().name;
}
