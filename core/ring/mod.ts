/**
 * Rings: which real each flow goes to, and what a change of reals must remember.
 *
 * ```ts
 * import { deepEqual } from "node:assert/strict";
 * import { maglev, movedSlots, patchDown } from "./mod.ts";
 * import { parseAddress } from "../addr/mod.ts";
 *
 * const members = ["10.0.0.1", "10.0.0.2", "fc00::3"].flatMap((text, i) => {
 *   const address = parseAddress(text);
 *   return address === null ? [] : [{ real: i + 1, address, weight: 1 }];
 * });
 * const ring = maglev(members, "maglev-v2");
 * const whileDown = patchDown(ring, (real) => real === 2);
 * deepEqual(movedSlots(ring, whileDown), { moved: 21846, minimum: 21846 });
 * ```
 *
 * @module
 */
export * from "./constants.ts";
export * from "./flow_hash.ts";
export * from "./endpoint_hash.ts";
export * from "./murmur.ts";
export * from "./spooky.ts";
export * from "./maglev.ts";
export * from "./patch.ts";
export * from "./step.ts";
export * from "./settle.ts";
export * from "./moved.ts";
export * from "./digest.ts";
