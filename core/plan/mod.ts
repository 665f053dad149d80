/**
 * From what is wanted to the writes that bring it about: pure, ordered, safe to stop anywhere.
 *
 * @module
 */
export * from "./types.ts";
export * from "./plan_error.ts";
export * from "./plan_desired.ts";
export * from "./plan_edit.ts";
export * from "./plan_upkeep.ts";
export * from "./edit.ts";
export * from "./edit_tables.ts";
export { neededFeatures } from "./check_desired.ts";
export * from "./plan_options.ts";
