import { type AttachMode, BpfLink } from "./bpf_link.ts";
import type { BpfProgram } from "./bpf_program.ts";
import { DataplaneError } from "./errors.ts";
import { interfaceIndex } from "./interfaces.ts";
import { Pins } from "./pins.ts";
import { type AttachedProgram, queryXdp } from "./xdp_query.ts";

/** Where a program is to run; auto: native, and where the driver has no native XDP, generic. */
export type WantedMode = AttachMode | "auto";

/** How a program was attached. */
export interface Attached {
  readonly ifindex: number;
  readonly mode: AttachMode;
  /** Why `auto` chose generic; null when it did not. */
  readonly fallback: DataplaneError | null;
}

/** A program that is attached as long as somebody holds the link. */
export interface AttachedLink extends Attached, Disposable {
  readonly link: BpfLink;
}

/** What a driver without native XDP says, or one whose MTU is too large for it. */
const NOT_NATIVE: ReadonlySet<string | null> = new Set(["EOPNOTSUPP", "ERANGE", "EINVAL"]);

/**
 * Finds an interface that has no XDP program.
 *
 * @param ifname Name of the interface.
 * @param bpffs Mount point, to find the balancer that holds the interface; /sys/fs/bpf if left out.
 * @returns Its index.
 * @throws {DataplaneError} When there is none of this name, or it has a program: whose, and how to
 *   take it off.
 */
export function freeInterface(ifname: string, bpffs?: string): number {
  const ifindex = interfaceIndex(ifname);
  const [program] = queryXdp(ifindex);
  if (program === undefined) return ifindex;
  const { name, id, mode } = program;
  throw new DataplaneError({
    action: "attach to",
    object: ifname,
    errno: null,
    reason: `XDP program "${name}" with id ${id} is attached in ${mode} mode`,
    hint: takeOffHint(ifname, program, bpffs),
  });
}

function takeOffHint(ifname: string, { id, name }: AttachedProgram, bpffs?: string): string {
  const balancer = Pins.list(bpffs).find((other) => {
    using hook = new Pins(other, bpffs).openHook();
    return hook.programId() === id;
  });
  if (balancer !== undefined) {
    return `it is balancer "${balancer}"; take it off with: weir detach --balancer ${balancer}`;
  }
  if (name === "weir_decap") return `take it off with: weir decap detach ${ifname}`;
  return `take it off (ip link set ${ifname} xdp off), take its place with --replace, or run ` +
    "behind it with --chain";
}

/**
 * Attaches a program to an interface.
 *
 * @param program An XDP program.
 * @param ifindex Index of an interface without one.
 * @param wanted Where it is to run.
 * @returns The link; disposing of it takes the program off, unless the link is pinned.
 * @throws {DataplaneError} When the driver refuses.
 */
export function attachXdp(program: BpfProgram, ifindex: number, wanted: WantedMode): AttachedLink {
  const attach = (mode: AttachMode, fallback: DataplaneError | null): AttachedLink => {
    const link = BpfLink.attach(program, ifindex, mode);
    return { ifindex, mode, fallback, link, [Symbol.dispose]: () => link[Symbol.dispose]() };
  };
  if (wanted !== "auto") return attach(wanted, null);
  try {
    return attach("native", null);
  } catch (error) {
    if (!(error instanceof DataplaneError) || !NOT_NATIVE.has(error.errnoName)) throw error;
    return attach("generic", error);
  }
}
