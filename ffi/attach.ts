import { type AttachMode, BpfLink } from "./bpf_link.ts";
import type { BpfObject } from "./bpf_object.ts";
import { mountBpffs } from "./bpffs.ts";
import { BalancerInfoMap } from "./maps/balancer_info.ts";
import * as abi from "./abi.gen.ts";
import { DataplaneError } from "./errors.ts";
import { interfaceIndex } from "./interfaces.ts";
import { loadBalancer, type LoadOptions, PROGRAM } from "./load_balancer.ts";
import { Pins } from "./pins.ts";
import { queryXdp } from "./xdp_query.ts";

/** What a balancer is attached with. */
export interface AttachOptions extends LoadOptions {
  /** Its name. */
  readonly balancer: string;
  /** The interface that packets come in and go out by. */
  readonly ifname: string;
  /** auto: native, and where the driver has no native XDP, generic. */
  readonly mode: AttachMode | "auto";
  /** Version of weir, kept for `status`. */
  readonly version: string;
  /** Mount point; /sys/fs/bpf if left out. */
  readonly bpffs?: string;
}

/** How a balancer was attached. */
export interface Attached {
  readonly ifindex: number;
  readonly mode: AttachMode;
  /** Why `auto` chose generic; null when it did not. */
  readonly fallback: DataplaneError | null;
}

/** What a driver without native XDP says, or one whose MTU is too large for it. */
const NOT_NATIVE: ReadonlySet<string | null> = new Set(["EOPNOTSUPP", "ERANGE", "EINVAL"]);

/**
 * Loads and attaches a balancer. It has no VIPs, so packets pass. Killed at any moment it leaves
 * either a whole balancer or none: the last step, pinning the link, decides.
 *
 * @param options What and where.
 * @returns How it was attached.
 * @throws {DataplaneError} When the name or the interface is taken, or the kernel refuses.
 */
export function attachBalancer(options: AttachOptions): Attached {
  const { balancer, ifname, bpffs } = options;
  mountBpffs(bpffs);
  const pins = new Pins(balancer, bpffs);
  const ifindex = interfaceIndex(ifname);
  refuseTaken(pins, ifname, ifindex);
  pins.remove();
  using object = loadBalancer(options);
  using undo = new DisposableStack();
  undo.defer(() => pins.remove());
  pins.pinObject(object);
  using program = object.program(PROGRAM);
  const { link, mode, fallback } = createLink(
    (mode) => BpfLink.attach(program, ifindex, mode),
    options,
  );
  using _link = link;
  describe(object, options, ifindex, mode);
  pins.pinLink(link);
  undo.move();
  return { ifindex, mode, fallback };
}

/**
 * Takes a balancer off its interface and forgets all it knew. From then on packets pass.
 *
 * @param balancer Its name.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @throws {DataplaneError} When there is none of this name.
 */
export function detachBalancer(balancer: string, bpffs?: string): void {
  const pins = new Pins(balancer, bpffs);
  pins.requireExisting();
  {
    using link = pins.openLink();
    link.detach();
  }
  pins.remove();
}

function refuseTaken(pins: Pins, ifname: string, ifindex: number): void {
  if (pins.exists()) {
    throw new DataplaneError({
      action: "attach balancer",
      object: pins.balancer,
      errno: null,
      reason: "a balancer of this name is attached",
      hint: `detach it first, or choose another name with --balancer`,
    });
  }
  const [program] = queryXdp(ifindex);
  if (program === undefined) return;
  throw new DataplaneError({
    action: "attach to",
    object: ifname,
    errno: null,
    reason:
      `XDP program "${program.name}" with id ${program.id} is attached in ${program.mode} mode`,
    hint: "detach it first; an interface has one XDP program",
  });
}

function createLink(
  attach: (mode: AttachMode) => BpfLink,
  { mode }: AttachOptions,
): { readonly link: BpfLink; readonly mode: AttachMode; readonly fallback: DataplaneError | null } {
  if (mode !== "auto") return { link: attach(mode), mode, fallback: null };
  try {
    return { link: attach("native"), mode: "native", fallback: null };
  } catch (error) {
    if (!(error instanceof DataplaneError) || !NOT_NATIVE.has(error.errnoName)) throw error;
    return { link: attach("generic"), mode: "generic", fallback: error };
  }
}

function describe(
  object: BpfObject,
  { balancer, ifname, version }: AttachOptions,
  ifindex: number,
  mode: AttachMode,
): void {
  using map = object.map("balancer_info");
  new BalancerInfoMap(map).set({
    abi_version: abi.WEIR_ABI_VERSION,
    ifindex,
    sequence: 0n,
    attached_at: BigInt(Math.floor(Date.now() / 1000)),
    name: balancer,
    ifname,
    mode,
    version,
  });
}
