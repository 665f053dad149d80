import * as v from "valibot";

/** A JSON Schema (draft 7) or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the generator asks of a schema of valibot, by the kinds that schema.ts uses. */
interface Node {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Node>>;
  readonly item?: Node;
  readonly value?: Node;
  readonly wrapped?: Node;
  readonly default?: unknown;
  readonly getter?: (input: unknown) => Node;
}

/**
 * The JSON Schema of a schema of valibot, so that editors complete what the parser reads. Rules that
 * span several values (names, duplicates, flags that need a protocol) are the parser's alone.
 *
 * @param schema made of the parts of fields.ts
 * @returns the schema, with `$schema` for draft 7, which editors know best
 * @throws {TypeError} if the schema has a kind of part that nobody has taught this function
 */
export function jsonSchema(schema: v.GenericSchema): JsonSchema {
  return { $schema: "http://json-schema.org/draft-07/schema#", ...convert(schema) };
}

function convert(schema: Node): JsonSchema {
  switch (schema.type) {
    case "object_with_rest":
      return mapping(schema.entries ?? {});
    case "optional": {
      const inner = convert(child(schema.wrapped));
      return schema.default === undefined ? inner : { ...inner, default: schema.default };
    }
    case "array":
      return { type: "array", items: convert(child(schema.item)) };
    case "record":
      return { type: "object", additionalProperties: convert(child(schema.value)) };
    case "lazy":
      // One form for a bare word, one for a mapping: asked with an example of each.
      return { anyOf: ["", {}].map((example) => convert(child(schema.getter?.(example)))) };
    case "string":
      return { type: "string" };
    case "unknown":
      return form(schema);
  }
  throw new TypeError(`Cannot turn a schema of type "${schema.type}" into JSON Schema`);
}

function mapping(entries: Readonly<Record<string, Node>>): JsonSchema {
  const all = Object.entries(entries);
  const required = all.filter(([, { type }]) => type !== "optional").map(([key]) => key);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(all.map(([key, entry]) => [key, convert(entry)])),
  };
}

/** What `field` and its kin left beside the function that reads the value. */
function form(schema: Node): JsonSchema {
  const { form } = v.getMetadata(schema as v.GenericSchema);
  return typeof form === "object" && form !== null ? { ...form } : {};
}

function child(node: Node | undefined): Node {
  if (node === undefined) throw new TypeError("Cannot turn an incomplete schema into JSON Schema");
  return node;
}
