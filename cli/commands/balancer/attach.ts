import type { AttachMode, BalancerConfig, Config } from "../../../core/config/types.ts";
import { planDesired } from "../../../core/plan/plan_desired.ts";
import { type Feature, FEATURES } from "../../../core/state/words.ts";
import { attachNotes } from "../../attach_notes.ts";
import { changeBalancer } from "../../change.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { AttachRequest, AttachResult, Host } from "../../host.ts";
import { lockBalancer } from "../../lock_balancer.ts";
import { requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { readConfig } from "../../read_config.ts";
import { type FixedSettingFlags, givenByFlags, type SettingFlags } from "../../setting_flags.ts";
import { show } from "../../show.ts";
import { attachmentLines } from "../../views/attachment.ts";
import { featuresOf } from "../../wanted_settings.ts";

/** Flags of `weir attach`. */
export interface AttachFlags extends CommonFlags, SettingFlags, FixedSettingFlags {
  readonly verbose: boolean;
  readonly mode?: AttachMode;
  readonly gatewayMac?: string;
  readonly feature?: readonly (Feature | "all" | "none")[];
  readonly maxVips?: number;
  readonly maxReals?: number;
  readonly maxFlows?: number;
  readonly file?: string;
  readonly replace: boolean;
  readonly chain?: NonNullable<AttachRequest["chain"]>;
}

/** `weir attach <ifname>`: the file is read first, so that a mistake in it attaches nothing. */
export async function attachCommand(
  host: Host,
  flags: AttachFlags,
  ifname: string,
): Promise<ExitCode> {
  requireRoot(host);
  const config = flags.file === undefined ? null : await readConfig(host, flags.file);
  const data = await attachLocked(host, {
    balancer: flags.balancer,
    ifname,
    config: balancerConfig(config, flags),
    features: wantedFeatures(config, flags.feature ?? []),
    towards: config?.desired.vips.find((vip) => vip.members.length > 0)?.members[0]?.real.address ??
      null,
    replace: flags.replace,
    chain: flags.chain ?? null,
  });
  const reals = config?.desired.vips.flatMap(({ members }) => members.map(({ real }) => real));
  const families = [...new Set((reals ?? []).map(({ address }) => address.family))];
  const link = await host.inspectLink(flags.balancer, null);
  for (const note of attachNotes(data, link, families)) host.stderr.write(`weir: ${note}\n`);
  // With a file, JSON tells of its changes only: a command prints one document.
  if (config === null || !flags.json) {
    show(host, flags, "attachment", data, (options) => attachmentLines(data, options));
  }
  if (config === null) return Exit.ok;
  const command = `attach ${ifname} -f ${flags.file}`;
  return changeBalancer(host, flags, {
    command,
    repairFirst: false,
    planner: (state, rings, options) => planDesired(state, rings, config.desired, options),
  });
}

async function attachLocked(host: Host, request: AttachRequest): Promise<AttachResult> {
  const { balancer, ifname } = request;
  using _lock = await lockBalancer(host, balancer, `attach ${ifname}`);
  if (await host.describe(balancer) === null) return await host.attach(request);
  throw new CliError(
    `Balancer "${balancer}" is attached already`,
    `to change its program or features: weir upgrade${named(balancer)}; its configuration: ` +
      `weir apply${named(balancer)}; to attach another, give it a name: --balancer <name>`,
  );
}

function named(balancer: string): string {
  return balancer === "main" ? "" : ` --balancer ${balancer}`;
}

/** Flags win over the file. */
function balancerConfig(config: Config | null, flags: AttachFlags): BalancerConfig {
  const { mode, gatewayMac, maxVips, maxReals, maxFlows } = flags;
  return {
    ...config?.balancer,
    ...givenByFlags(flags),
    ...(mode === undefined ? {} : { mode }),
    ...(gatewayMac === undefined ? {} : { gatewayMac }),
    ...(maxVips === undefined ? {} : { maxVips }),
    ...(maxReals === undefined ? {} : { maxReals }),
    ...(maxFlows === undefined ? {} : { maxFlows }),
  };
}

function wantedFeatures(
  config: Config | null,
  given: readonly (Feature | "all" | "none")[],
): readonly Feature[] {
  if (given.includes("all")) return FEATURES;
  if (given.length > 0) return FEATURES.filter((feature) => given.includes(feature));
  if (config === null) return FEATURES;
  return config.balancer.features ?? featuresOf(config.desired);
}
