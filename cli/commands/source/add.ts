import type { Address, Prefix } from "../../../core/addr/types.ts";
import { setSource } from "../../../core/plan/edit_tables.ts";
import { prefixText } from "../../../core/state/tables.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";

/** `weir source add <prefix> <address>` */
export function addSourceCommand(
  host: Host,
  flags: CommonFlags,
  prefix: Prefix,
  real: Address,
): Promise<ExitCode> {
  const command = `source add ${prefixText(prefix)} ${real.text}`;
  return editBalancer(host, flags, command, setSource(prefix, real));
}
