/**
 * What a balancer holds, and how to name, find and compare it.
 *
 * @module
 */
export * from "./types.ts";
export * from "./vip_key.ts";
export * from "./find_vip.ts";
export * from "./desired_of.ts";
export * from "./config_changes.ts";
export * from "./tables.ts";
export * from "./words.ts";
