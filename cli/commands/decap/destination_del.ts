import type { Address } from "../../../core/addr/types.ts";
import { deleteDestination } from "../../../core/plan/edit_tables.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";

/** `weir decap destination del <address>` */
export function deleteDestinationCommand(
  host: Host,
  flags: CommonFlags,
  address: Address,
): Promise<ExitCode> {
  const command = `decap destination del ${address.text}`;
  return editBalancer(host, flags, command, deleteDestination(address));
}
