import { check } from "./errors.ts";
import { libbpf } from "./libbpf/open.ts";

/**
 * The number of values a per-CPU map holds for each key.
 *
 * @returns CPUs that could ever come online, not those that are.
 * @throws {DataplaneError} When /sys does not say.
 */
export function possibleCpus(): number {
  return check(libbpf().libbpf_num_possible_cpus(), "count the possible CPUs");
}
