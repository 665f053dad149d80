/**
 * Set-ups and frames for the comparison of model and kernel, from a seed.
 *
 * @example The same seed gives the same frames
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 *
 * const frames = (seed: number) => {
 *   const random = new Random(seed);
 *   const scenario = generateScenario(random, 1_000_000);
 *   return Array.from({ length: 3 }, () => generateFrame(random, scenario));
 * };
 * deepEqual(frames(7), frames(7));
 * ```
 *
 * @module
 */
import { generateIntactFrame } from "./generate/frame.ts";
import { mutate } from "./generate/mutate.ts";
import type { Random } from "./generate/random.ts";
import type { Scenario } from "./generate/scenario.ts";

export { Random } from "./generate/random.ts";
export { generateScenario, type Scenario } from "./generate/scenario.ts";

/** One frame in so many is damaged. */
const DAMAGED = 4;

/**
 * A frame for the scenario: mostly for one of its VIPs, sometimes damaged, at worst empty. The
 * kernel refuses to test-run less than 14 bytes.
 */
export function generateFrame(random: Random, scenario: Scenario): Uint8Array {
  const frame = generateIntactFrame(random, scenario);
  return random.oneIn(DAMAGED) ? mutate(random, frame) : frame;
}
