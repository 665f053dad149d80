import type { Dataplane } from "../core/dataplane.ts";
import { CliError } from "./errors.ts";
import type { Host } from "./host.ts";

/**
 * Opens a balancer for a command; dispose it.
 *
 * @param host where it is
 * @param balancer its name
 * @throws {CliError} if the user is not root or there is no such balancer
 */
export async function openBalancer(host: Host, balancer: string): Promise<Dataplane> {
  requireRoot(host);
  const dataplane = await host.openDataplane(balancer);
  if (dataplane === null) throw notAttached(balancer);
  return dataplane;
}

/**
 * Stops a command that the kernel would refuse, before it has done anything.
 *
 * @throws {CliError} if the user is not root
 */
export function requireRoot(host: Host): void {
  const uid = host.userId();
  if (uid !== 0) {
    throw new CliError(`Cannot use BPF maps as user ${uid ?? "unknown"}`, "run weir as root");
  }
}

/**
 * The error of a command whose balancer does not exist.
 *
 * @param balancer its name
 */
export function notAttached(balancer: string): CliError {
  const flag = balancer === "main" ? "" : ` --balancer ${balancer}`;
  return new CliError(
    `Balancer "${balancer}" is not attached`,
    `run: weir attach <ifname>${flag}`,
  );
}
