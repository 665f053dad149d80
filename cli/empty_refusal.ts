import { emptiedVips } from "../core/plan/emptied_vips.ts";
import type { Desired, State } from "../core/state/types.ts";
import { CliError } from "./errors.ts";

/**
 * Why `weir apply` does not apply a file without `--allow-empty`.
 *
 * @param file its path
 * @param state what the kernel holds
 * @param desired what the file says
 * @returns null if it does
 */
export function emptyRefusal(file: string, state: State, desired: Desired): CliError | null {
  const hint = "if that is meant, add --allow-empty";
  if (desired.vips.length === 0 && state.vips.size > 0) {
    const count = state.vips.size;
    const what = count === 1 ? "the only VIP" : `all ${count} VIPs`;
    return new CliError(`Cannot apply "${file}": it would delete ${what}`, hint);
  }
  const emptied = emptiedVips(state, desired);
  if (emptied.length === 0) return null;
  const names = emptied.map((vip) => `"${vip}"`).join(", ");
  const what = emptied.length === 1 ? `VIP ${names}` : `VIPs ${names}`;
  return new CliError(`Cannot apply "${file}": it leaves ${what} without a usable real`, hint);
}
