import { cString } from "./c_string.ts";
import type { BpfProgram } from "./bpf_program.ts";
import { encode } from "./codec.ts";
import { check, type Hints } from "./errors.ts";
import { Fd } from "./fd.ts";
import { queryInfo } from "./info.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";

/** How the kernel runs an XDP program: in the driver, on socket buffers, or in the device. */
export type AttachMode = "native" | "generic" | "offload";

/** XDP_FLAGS of each mode. */
export const MODE_FLAGS: Readonly<Record<AttachMode, number>> = {
  native: kernel.XDP_FLAGS_DRV_MODE,
  generic: kernel.XDP_FLAGS_SKB_MODE,
  offload: kernel.XDP_FLAGS_HW_MODE,
};

const ATTACH_HINTS: Hints = {
  EBUSY: "another XDP program is attached, detach it first",
  EEXIST: "another XDP program is attached, detach it first",
  EOPNOTSUPP: "the driver has no native XDP, try --mode generic",
  ERANGE: "the MTU is too large for native XDP, lower it or try --mode generic",
  ENODEV: "there is no such interface",
  EINVAL: "the driver refuses, see dmesg, or try --mode generic",
};

/** An XDP program on an interface. It stays while a descriptor or a pin holds the link. */
export class BpfLink implements Disposable {
  readonly #fd: Fd;

  private constructor(fd: Fd) {
    this.#fd = fd;
  }

  /**
   * Attaches a program. There is one link per interface; it is not taken from others.
   *
   * @param program An XDP program.
   * @param ifindex Index of the interface.
   * @param mode Where it runs.
   * @returns The link.
   * @throws {DataplaneError} When the interface is taken or the driver refuses.
   */
  static attach(program: BpfProgram, ifindex: number, mode: AttachMode): BpfLink {
    const opts = encode(kernel.BpfLinkCreateOpts, {
      sz: BigInt(kernel.BpfLinkCreateOpts.size),
      flags: MODE_FLAGS[mode],
    });
    const fd = libbpf().bpf_link_create(program.fd, ifindex, kernel.BPF_XDP, opts);
    check(fd, "attach in mode", mode, ATTACH_HINTS);
    return new BpfLink(new Fd(fd));
  }

  /**
   * Opens a pinned link.
   *
   * @param path Its file in a bpffs.
   * @returns The link.
   * @throws {DataplaneError} When there is none.
   */
  static open(path: string): BpfLink {
    const fd = check(libbpf().bpf_obj_get(cString(path)), "open pinned link", path);
    return new BpfLink(new Fd(fd));
  }

  /**
   * Asks the kernel about the link.
   *
   * @returns Its program and interface; interface 0: detached, or the interface is gone.
   */
  info(): kernel.BpfLinkInfo {
    return queryInfo(kernel.BpfLinkInfo, this.#fd.number);
  }

  /**
   * Replaces the program between two packets.
   *
   * @param next The new program.
   * @param expected The program that must be there; none: whichever is.
   * @throws {DataplaneError} When another program is there.
   */
  update(next: BpfProgram, expected?: BpfProgram): void {
    const opts = encode(kernel.BpfLinkUpdateOpts, {
      sz: BigInt(kernel.BpfLinkUpdateOpts.size),
      flags: expected === undefined ? 0 : kernel.BPF_F_REPLACE,
      old_prog_fd: expected === undefined ? 0 : expected.fd,
    });
    check(libbpf().bpf_link_update(this.#fd.number, next.fd, opts), "replace program", null, {
      ENOLINK: "the interface is gone: weir detach, then weir attach elsewhere",
    });
  }

  /**
   * Takes the program off the interface, whoever else holds the link.
   *
   * @throws {DataplaneError} When the kernel refuses.
   */
  detach(): void {
    check(libbpf().bpf_link_detach(this.#fd.number), "detach program");
  }

  /**
   * Gives the link a name in a bpffs, so that the program stays when the process ends.
   *
   * @param path A file that is not there yet.
   * @throws {DataplaneError} When the kernel refuses.
   */
  pin(path: string): void {
    check(libbpf().bpf_obj_pin(this.#fd.number, cString(path)), "pin link", path);
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }
}
