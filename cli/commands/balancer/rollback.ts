import { neededFeatures } from "../../../core/plan/check_desired.ts";
import { desiredOf } from "../../../core/state/desired_of.ts";
import { vipKeyText } from "../../../core/state/vip_key.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host, PreviousProgram } from "../../host.ts";
import { lockBalancer } from "../../lock_balancer.ts";
import { notAttached, openBalancer, requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { show } from "../../show.ts";
import { attachmentLines } from "../../views/attachment.ts";

/** `weir rollback`: a second one goes forward again. */
export async function rollbackCommand(
  host: Host,
  flags: CommonFlags & { readonly verbose: boolean },
): Promise<ExitCode> {
  requireRoot(host);
  const { balancer } = flags;
  if (await host.describe(balancer) === null) throw notAttached(balancer);
  using _lock = await lockBalancer(host, balancer, "rollback");
  const previous = await host.previous(balancer);
  if (previous === null) {
    throw new CliError(`Cannot roll back balancer "${balancer}": its program was never replaced`);
  }
  await requireFeatures(host, balancer, previous);
  const data = await host.rollback(balancer);
  show(host, flags, "attachment", data, (options) => attachmentLines(data, options));
  return Exit.ok;
}

/** A program that cannot serve a VIP must not come back. */
async function requireFeatures(
  host: Host,
  balancer: string,
  { features, version }: PreviousProgram,
): Promise<void> {
  using dataplane = await openBalancer(host, balancer);
  for (const vip of desiredOf(dataplane.readState()).vips) {
    const missing = neededFeatures(vip).find((feature) => !features.includes(feature));
    if (missing === undefined) continue;
    throw new CliError(
      `Cannot roll back balancer "${balancer}" to the program of weir ${version}: ` +
        `VIP "${vipKeyText(vip.config)}" needs "${missing}", which that was loaded without`,
      "change or delete the VIP first",
    );
  }
}
