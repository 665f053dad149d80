/**
 * weir.yaml: from text to what is wanted, or to every error with its place.
 *
 * @module
 */
export * from "./types.ts";
export * from "./parse_config.ts";
export * from "./format_config.ts";
export * from "./config_json_schema.ts";
export * from "./settings.ts";
