import { SETTING_NAMES, type Settings, settingText } from "./settings.ts";
import type { BalancerConfig } from "./types.ts";

/** A part of weir.yaml as plain data. */
export interface Form {
  readonly [key: string]: unknown;
}

const OTHER_NAMES: Readonly<Record<Exclude<keyof BalancerConfig, keyof Settings>, string>> = {
  mode: "mode",
  maxVips: "max-vips",
  maxReals: "max-reals",
  maxFlows: "max-flows",
  features: "features",
};

/**
 * The `balancer` part of weir.yaml for settings; `balancerConfig` turns it back.
 *
 * @param balancer some or all settings; a GUE source that is null is left out
 */
export function balancerForm(balancer: BalancerConfig): Form {
  const form: Record<string, unknown> = {};
  const names: Readonly<Record<string, string>> = { ...OTHER_NAMES, ...SETTING_NAMES };
  for (const [key, name] of Object.entries(names)) {
    const value = formValue(balancer, key as keyof BalancerConfig);
    if (value === undefined || value === null) continue;
    const [group = "", inner] = name.split(".");
    form[group] = inner === undefined
      ? value
      : { ...form[group] as Form | undefined, [inner]: value };
  }
  return form;
}

function formValue(balancer: BalancerConfig, key: keyof BalancerConfig): unknown {
  const value = balancer[key];
  // Addresses and prefixes are text in a file; lists, mappings and plain values are themselves.
  const isText = key === "compatKatran" || /Source/.test(key);
  const isGiven = value !== undefined && value !== null;
  return isText && isGiven ? settingText(balancer, key as keyof Settings) : value;
}
