import type { Address } from "../../../core/addr/types.ts";
import { setServer } from "../../../core/plan/edit_tables.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";

/** `weir server add <id> <address>` */
export function addServerCommand(
  host: Host,
  flags: CommonFlags,
  id: number,
  real: Address,
): Promise<ExitCode> {
  return editBalancer(host, flags, `server add ${id} ${real.text}`, setServer(id, real));
}
