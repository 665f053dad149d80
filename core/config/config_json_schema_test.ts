import { deepEqual, equal, ok, throws } from "node:assert/strict";
import * as v from "valibot";
import { VIP_FLAGS } from "../state/words.ts";
import { configJsonSchema } from "./config_json_schema.ts";
import { type JsonSchema, jsonSchema } from "./json_schema.ts";

const at = (schema: unknown, ...path: readonly string[]): JsonSchema =>
  path.reduce((node, key) => (node as Record<string, JsonSchema>)[key] ?? {}, schema as JsonSchema);

Deno.test("configJsonSchema() knows keys, words and ranges", () => {
  const schema = configJsonSchema();
  equal(schema.additionalProperties, false);
  deepEqual(schema.required, ["vips"]);
  const vip = at(schema, "properties", "vips", "items");
  deepEqual(vip.required, ["address", "port", "protocol"]);
  deepEqual(at(vip, "properties", "flags", "items").enum, VIP_FLAGS);
  const member = at(vip, "properties", "reals", "items").anyOf as readonly JsonSchema[];
  equal(member[0]?.type, "string");
  deepEqual(at(member[1], "properties", "weight"), {
    description: "a weight from 0 to 65535",
    type: "integer",
    minimum: 0,
    maximum: 65535,
  });
  equal(at(schema, "properties", "balancer", "properties", "ttl").type, "integer");
});

Deno.test("every value of the configuration has a form that editors can check", () => {
  const bare: string[] = [];
  const visit = (node: JsonSchema, path: string) => {
    const said = ["type", "enum", "anyOf", "const"].some((key) => key in node);
    if (!said) bare.push(path);
    for (const [key, child] of Object.entries(at(node, "properties"))) {
      visit(child as JsonSchema, `${path}.${key}`);
    }
    for (const key of ["items", "additionalProperties"]) {
      if (typeof node[key] === "object") visit(at(node, key), `${path}[]`);
    }
    for (const child of (node.anyOf ?? []) as readonly JsonSchema[]) visit(child, `${path}|`);
  };
  visit(configJsonSchema(), "");
  deepEqual(bare, []);
});

Deno.test("docs/weir.schema.json is what `deno task gen` makes", async () => {
  const file = await Deno.readTextFile(
    new URL("../../docs/weir.schema.json", import.meta.url),
  );
  ok(file === `${JSON.stringify(configJsonSchema(), null, 2)}\n`, "run: deno task gen");
});

Deno.test("jsonSchema() refuses what it has not been taught", () => {
  throws(() => jsonSchema(v.date()), /type "date"/);
});
