import type { BalancerSettings } from "./default_settings.ts";

/** What the oldest supported kernel, Linux 5.10, lacks and the program can do without. */
export interface KernelFeatures {
  /** `bpf_ktime_get_coarse_ns`, Linux 5.11. */
  readonly coarseClock: boolean;
}

/** Settings that a kernel can carry out. */
export interface FittedSettings {
  readonly settings: BalancerSettings;
  /** What was switched off and what that means, a sentence each. */
  readonly notes: readonly string[];
}

/** A setting that needs something of the kernel. */
interface Need {
  readonly setting: "coarse_clock";
  readonly feature: keyof KernelFeatures;
  readonly note: string;
}

const NEEDS: readonly Need[] = [{
  setting: "coarse_clock",
  feature: "coarseClock",
  note: "This kernel has no coarse clock (Linux 5.11): packets that ask the flow table take longer",
}];

/**
 * Switches off what a kernel cannot do.
 *
 * @param settings Wanted settings.
 * @param kernel What the kernel can do.
 * @returns The settings that load, and what is missing from those wanted.
 *
 * @example Linux 5.10
 * ```ts
 * import assert from "node:assert/strict";
 * import { defaultSettings } from "./default_settings.ts";
 * const { settings, notes } = fitSettings(defaultSettings(), { coarseClock: false });
 * assert.deepEqual([settings.coarse_clock, notes.length], [0, 1]);
 * ```
 */
export function fitSettings(settings: BalancerSettings, kernel: KernelFeatures): FittedSettings {
  const missing = NEEDS.filter(({ setting, feature }) =>
    settings[setting] !== 0 && !kernel[feature]
  );
  const off = Object.fromEntries(missing.map(({ setting }) => [setting, 0]));
  return { settings: { ...settings, ...off }, notes: missing.map(({ note }) => note) };
}
