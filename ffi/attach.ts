import * as abi from "./abi.gen.ts";
import { type Attached, attachXdp, freeInterface, type WantedMode } from "./attach_xdp.ts";
import type { BpfObject } from "./bpf_object.ts";
import type { BpfProgram } from "./bpf_program.ts";
import { mountBpffs } from "./bpffs.ts";
import { type ChainPlace, ChainSlot } from "./chain.ts";
import { DataplaneError } from "./errors.ts";
import { fitSettings } from "./features.ts";
import { takeOffForeign } from "./foreign_program.ts";
import { interfaceIndex } from "./interfaces.ts";
import { kernelFeatures } from "./kernel_features.ts";
import { loadBalancer, type LoadOptions, PROGRAM } from "./load_balancer.ts";
import { BalancerInfoMap } from "./maps/balancer_info.ts";
import { Pins } from "./pins.ts";

/** What a balancer is attached with. */
export interface AttachOptions extends LoadOptions {
  /** Its name. */
  readonly balancer: string;
  /** The interface that packets come in and go out by. */
  readonly ifname: string;
  readonly mode: WantedMode;
  /** Take the place of a program that is there. */
  readonly replace?: boolean;
  /** Run behind another program, not on the interface itself. */
  readonly chain?: ChainPlace;
  /** Version of weir, kept for `status`. */
  readonly version: string;
  /** Mount point; /sys/fs/bpf if left out. */
  readonly bpffs?: string;
}

/** How a balancer was attached. */
export interface AttachedBalancer extends Omit<Attached, "mode"> {
  /** native, generic, offload, or that it is chained. */
  readonly mode: string;
  /** Name of the program that gave way; null: none. */
  readonly replaced: string | null;
  /** What the kernel cannot do and was switched off. */
  readonly notes: readonly string[];
}

/**
 * Loads and attaches a balancer. It has no VIPs, so packets pass. Killed at any moment it leaves
 * either a whole balancer or none: the last step, pinning the link, decides.
 *
 * @param options What and where.
 * @returns How it was attached.
 * @throws {DataplaneError} When the name or the interface is taken, or the kernel refuses.
 * @throws {RangeError} When a size is out of range.
 */
export function attachBalancer(options: AttachOptions): AttachedBalancer {
  const { balancer, bpffs } = options;
  mountBpffs(bpffs);
  const pins = new Pins(balancer, bpffs);
  refuseSecond(pins);
  const isShared = options.replace === true || options.chain !== undefined;
  const ifindex = isShared ? interfaceIndex(options.ifname) : freeInterface(options.ifname, bpffs);
  pins.remove();
  using object = loadBalancer(options);
  using undo = new DisposableStack();
  undo.defer(() => pins.remove());
  pins.pinObject(object, PROGRAM);
  using program = object.program(PROGRAM);
  const attached = options.chain === undefined
    ? attachToInterface(object, program, pins, options, ifindex)
    : attachToChain(object, program, pins, options, ifindex, options.chain);
  undo.move();
  const { notes } = fitSettings(options.settings, kernelFeatures());
  return { ...attached, notes };
}

function attachToInterface(
  object: BpfObject,
  program: BpfProgram,
  pins: Pins,
  options: AttachOptions,
  ifindex: number,
): Omit<AttachedBalancer, "notes"> {
  // Loaded first: the interface is without a program for as short as can be.
  using foreign = options.replace === true ? takeOffForeign(options.ifname, ifindex) : null;
  using undo = new DisposableStack();
  undo.defer(() => foreign?.restore());
  using attached = attachXdp(program, ifindex, options.mode);
  describe(object, options, attached);
  pins.pinLink(attached.link);
  undo.move();
  const { mode, fallback } = attached;
  return { ifindex, mode, fallback, replaced: foreign?.program.name ?? null };
}

function attachToChain(
  object: BpfObject,
  program: BpfProgram,
  pins: Pins,
  options: AttachOptions,
  ifindex: number,
  place: ChainPlace,
): Omit<AttachedBalancer, "notes"> {
  using chain = ChainSlot.open(place);
  const there = chain.program();
  if (there !== null && options.replace !== true) {
    throw new DataplaneError({
      action: `use slot ${place.slot} of`,
      object: place.path,
      errno: null,
      reason: `program "${there.name}" with id ${there.id} is in it`,
      hint: "choose another slot, or take its place with --replace",
    });
  }
  const mode = `chained in slot ${place.slot}`;
  describe(object, options, { ifindex, mode });
  // Unlike a link's, this pin comes first: a program in the slot without it could not be taken out.
  pins.pinChain(chain);
  chain.set(program);
  return { ifindex, mode, fallback: null, replaced: there?.name ?? null };
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
    using hook = pins.openHook();
    hook.detach();
  }
  pins.remove();
}

function refuseSecond(pins: Pins): void {
  if (!pins.exists()) return;
  throw new DataplaneError({
    action: "attach balancer",
    object: pins.balancer,
    errno: null,
    reason: "a balancer of this name is attached",
    hint: "detach it first, or choose another name with --balancer",
  });
}

function describe(
  object: BpfObject,
  { balancer, ifname, version }: AttachOptions,
  { ifindex, mode }: Pick<AttachedBalancer, "ifindex" | "mode">,
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
