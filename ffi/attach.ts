import * as abi from "./abi.gen.ts";
import { type Attached, attachXdp, freeInterface, type WantedMode } from "./attach_xdp.ts";
import type { BpfObject } from "./bpf_object.ts";
import { mountBpffs } from "./bpffs.ts";
import { DataplaneError } from "./errors.ts";
import { fitSettings } from "./features.ts";
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
  /** Version of weir, kept for `status`. */
  readonly version: string;
  /** Mount point; /sys/fs/bpf if left out. */
  readonly bpffs?: string;
}

/** How a balancer was attached. */
export interface AttachedBalancer extends Attached {
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
  const ifindex = freeInterface(options.ifname);
  pins.remove();
  using object = loadBalancer(options);
  using undo = new DisposableStack();
  undo.defer(() => pins.remove());
  pins.pinObject(object, PROGRAM);
  using program = object.program(PROGRAM);
  using attached = attachXdp(program, ifindex, options.mode);
  describe(object, options, attached);
  pins.pinLink(attached.link);
  undo.move();
  const { notes } = fitSettings(options.settings, kernelFeatures());
  return { ifindex, mode: attached.mode, fallback: attached.fallback, notes };
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
  { ifindex, mode }: Attached,
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
