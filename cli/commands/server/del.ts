import { deleteServer } from "../../../core/plan/edit_tables.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";

/** `weir server del <id>` */
export function deleteServerCommand(
  host: Host,
  flags: CommonFlags,
  id: number,
): Promise<ExitCode> {
  return editBalancer(host, flags, `server del ${id}`, deleteServer(id));
}
