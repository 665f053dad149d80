import type { Prefix } from "../../../core/addr/types.ts";
import { deleteSource } from "../../../core/plan/edit_tables.ts";
import { prefixText } from "../../../core/state/tables.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";

/** `weir source del <prefix>` */
export function deleteSourceCommand(
  host: Host,
  flags: CommonFlags,
  prefix: Prefix,
): Promise<ExitCode> {
  return editBalancer(host, flags, `source del ${prefixText(prefix)}`, deleteSource(prefix));
}
