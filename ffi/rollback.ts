import type * as abi from "./abi.gen.ts";
import { BalancerMaps, readSettings } from "./balancer_maps.ts";
import { DataplaneError } from "./errors.ts";
import { Pins } from "./pins.ts";
import { previousVersion } from "./program_version.ts";

/** The program that the last upgrade or rollback replaced. */
export interface PreviousProgram {
  readonly settings: abi.Settings;
  /** Version of the weir that loaded it. */
  readonly version: string;
}

/**
 * Looks at the program that the last upgrade or rollback replaced.
 *
 * @param balancer Name of the balancer.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @returns Null when there is none.
 * @throws {DataplaneError} When there is no such balancer.
 */
export function previousProgram(balancer: string, bpffs?: string): PreviousProgram | null {
  const pins = finishedPins(balancer, bpffs);
  if (!pins.hasPrevious()) return null;
  using rodata = pins.openPreviousMap(".rodata");
  return { settings: readSettings(rodata), version: previousVersion(pins) };
}

/**
 * Goes back to the program that the last upgrade or rollback replaced, with its settings, between two
 * packets: all maps stay, no packet is lost. The program of now is then the previous one. Killed at
 * any moment it leaves either program, whole.
 *
 * @param balancer Name of the balancer.
 * @param bpffs Mount point; /sys/fs/bpf if left out.
 * @throws {DataplaneError} When there is no such balancer, or no previous program.
 */
export function rollbackBalancer(balancer: string, bpffs?: string): void {
  const previous = previousProgram(balancer, bpffs);
  if (previous === null) {
    throw new DataplaneError({
      action: "roll back balancer",
      object: balancer,
      errno: null,
      reason: "its program was never replaced",
      hint: null,
    });
  }
  const pins = new Pins(balancer, bpffs);
  {
    using program = pins.previousAsNext();
    using hook = pins.openHook();
    hook.replace(program);
  }
  pins.adopt();
  using maps = new BalancerMaps((name) => pins.openMap(name));
  maps.info.set({ version: previous.version });
}

function finishedPins(balancer: string, bpffs: string | undefined): Pins {
  const pins = new Pins(balancer, bpffs);
  pins.requireExisting();
  using hook = pins.openHook();
  pins.finishAdopt(hook.programId());
  return pins;
}
