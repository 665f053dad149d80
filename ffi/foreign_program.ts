import { BpfProgram } from "./bpf_program.ts";
import { MODE_FLAGS } from "./bpf_link.ts";
import { errno } from "./errno.ts";
import { check, DataplaneError } from "./errors.ts";
import { libbpf } from "./libbpf/open.ts";
import { type AttachedProgram, queryXdp } from "./xdp_query.ts";

/** A program of somebody else that was taken off an interface; keep it open to put it back. */
export interface ForeignProgram extends Disposable {
  readonly program: AttachedProgram;
  /** Puts it back. */
  restore(): void;
}

/**
 * Takes a program off an interface that netlink put there (`ip link set dev ... xdp`, katran).
 *
 * @param ifname Name of the interface.
 * @param ifindex Its index.
 * @returns The program, or null when there was none.
 * @throws {DataplaneError} When a bpf_link holds it: only the link's owner can give it up.
 */
export function takeOffForeign(ifname: string, ifindex: number): ForeignProgram | null {
  const [found] = queryXdp(ifindex);
  if (found === undefined) return null;
  using guard = new DisposableStack();
  const program = guard.use(BpfProgram.byId(found.id));
  const flags = MODE_FLAGS[found.mode];
  const result = libbpf().bpf_xdp_detach(ifindex, flags, null);
  if (errno(result).name === "EBUSY") {
    throw new DataplaneError({
      action: "replace the XDP program on",
      object: ifname,
      errno: null,
      reason: `a bpf_link holds "${found.name}" with id ${found.id}, and only its owner can let go`,
      hint: "stop its owner or remove the link's pin; see: bpftool link",
    });
  }
  check(result, "take the XDP program off", ifname);
  guard.move();
  return {
    program: found,
    restore: () => {
      const put = libbpf().bpf_xdp_attach(ifindex, program.fd, flags, null);
      check(put, "put the XDP program back on", ifname);
    },
    [Symbol.dispose]: () => program[Symbol.dispose](),
  };
}
