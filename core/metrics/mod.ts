/**
 * Counters and what they say over time.
 *
 * @module
 */
export * from "./types.ts";
export * from "./rates.ts";
