import type { FrameTemplate, Goal, PacketClass, World, Yardstick } from "../types.ts";

/** Numbers of flows that classes have. */
export const HOT = 1;
export const FLOWS_1K = 2 ** 10;
export const FLOWS_64K = 2 ** 16;
export const FLOWS_256K = 2 ** 18;
export const FLOWS_1M = 2 ** 20;

/** A balancer as it is attached when nothing is said. */
export const DEFAULT_WORLD: World = { features: [], connRate: 125_000, maxFlows: 262_144 };

/** What is particular about a class; the rest are known flows of a default balancer. */
export type ClassSpec =
  & { readonly name: string; readonly brief: string; readonly goal: Goal | null }
  & { readonly frame: FrameTemplate | readonly FrameTemplate[] }
  & Partial<Pick<PacketClass, "flows" | "order" | "world" | "warmUp" | "counter">>;

/**
 * Makes a class.
 *
 * @param spec What is particular about it.
 */
export function defineClass({ frame, ...spec }: ClassSpec): PacketClass {
  return {
    flows: HOT,
    order: "random",
    world: DEFAULT_WORLD,
    warmUp: null,
    counter: "ring_picks",
    frames: "bytes" in frame ? [frame] : frame,
    ...spec,
  };
}

/**
 * The line of the table of targets.
 *
 * @param katranNs What katran costs, net ns.
 * @param share What weir may cost of that.
 * @param yardstick Which reference scales it; default: one flow.
 */
export function goal(katranNs: number, share: number, yardstick: Yardstick = "hot"): Goal {
  return { katranNs, share, yardstick };
}
