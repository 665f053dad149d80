/**
 * weir.yaml: from text to what is wanted, or to every error with its place.
 *
 * @module
 */
export * from "./types.ts";
export * from "./parse_config.ts";
