import { type JsonSchema, jsonSchema } from "./json_schema.ts";
import { configSchema } from "./schema.ts";

/** The JSON Schema of weir.yaml, made from what reads it; docs/weir.schema.json is a copy. */
export function configJsonSchema(): JsonSchema {
  return { title: "weir.yaml", ...jsonSchema(configSchema) };
}
