import type { Address } from "../../../core/addr/types.ts";
import { setDestination } from "../../../core/plan/edit_tables.ts";
import type { DecapAction } from "../../../core/state/types.ts";
import { editBalancer } from "../../change.ts";
import type { ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import type { CommonFlags } from "../../parameters.ts";

/** `weir decap destination add <address>` */
export function addDestinationCommand(
  host: Host,
  flags: CommonFlags & { readonly action: DecapAction },
  address: Address,
): Promise<ExitCode> {
  const command = `decap destination add ${address.text}`;
  return editBalancer(host, flags, command, setDestination(address, flags.action));
}
