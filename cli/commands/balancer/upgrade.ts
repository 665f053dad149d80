import { type Feature, FEATURES } from "../../../core/state/words.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { lockBalancer } from "../../lock_balancer.ts";
import { notAttached, requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { givenByFlags, type SettingFlags } from "../../setting_flags.ts";
import { show } from "../../show.ts";
import { attachmentLines } from "../../views/attachment.ts";

/** Flags of `weir upgrade`. */
export interface UpgradeFlags extends CommonFlags, SettingFlags {
  readonly verbose: boolean;
  readonly feature?: readonly (Feature | "all")[];
}

/** `weir upgrade`: settings change; features are only added, for VIPs may use those that are there. */
export async function upgradeCommand(host: Host, flags: UpgradeFlags): Promise<ExitCode> {
  requireRoot(host);
  const { balancer } = flags;
  if (await host.describe(balancer) === null) throw notAttached(balancer);
  const given = flags.feature ?? [];
  const features = FEATURES.filter((name) => given.includes(name) || given.includes("all"));
  using _lock = await lockBalancer(host, balancer, "upgrade");
  const data = await host.upgrade({ balancer, features, settings: givenByFlags(flags) });
  show(host, flags, "attachment", data, (options) => attachmentLines(data, options));
  return Exit.ok;
}
