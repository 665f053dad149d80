/**
 * Counters and what they say over time.
 *
 * @module
 */
export * from "./types.ts";
export * from "./flow_stats.ts";
export * from "./rates.ts";
