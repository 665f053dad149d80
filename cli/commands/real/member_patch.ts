import type { MemberPatch } from "../../../core/plan/edit.ts";
import type { Encap } from "../../../core/state/types.ts";
import type { CommonFlags } from "../../parameters.ts";

/** Flags of `weir real add` and `weir real set`. */
export interface RealFlags extends CommonFlags {
  readonly weight?: number;
  readonly name?: string;
  readonly encap?: Encap;
  readonly local?: boolean;
}

/**
 * What flags change about a real; null if they change nothing.
 *
 * @param flags of the command line
 */
export function memberPatch({ weight, name, encap, local }: RealFlags): MemberPatch | null {
  const real = {
    ...(name === undefined ? {} : { name }),
    ...(encap === undefined ? {} : { encap }),
    ...(local === undefined ? {} : { local }),
  };
  const patch = {
    ...(weight === undefined ? {} : { weight }),
    ...(Object.keys(real).length === 0 ? {} : { real }),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}
