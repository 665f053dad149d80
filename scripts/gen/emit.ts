import type { CEnum, CField, CStruct } from "./btf.ts";

/** Comments of a C header by `struct.field`, `enum.CONSTANT` or macro name. */
export type Comments = ReadonlyMap<string, string>;

/** TypeScript type of a single value; a struct's is its name. */
const VALUES: Readonly<Record<string, string>> = {
  u64: "bigint",
  bytes: "Uint8Array",
  text: "string",
};
const ARRAYS: Readonly<Record<string, string>> = {
  bytes: "Uint8Array",
  text: "string",
  u16: "Uint16Array",
  u32: "Uint32Array",
  u64: "BigUint64Array",
};

/**
 * The name of a C struct or enum in TypeScript: `vip_entry` becomes `VipEntry`.
 *
 * @param name Name in C.
 * @returns Name in TypeScript.
 */
export function typeName(name: string): string {
  return name.split("_").filter((part) => part !== "").map((part) =>
    part.charAt(0).toUpperCase() + part.slice(1)
  ).join("");
}

/**
 * An interface and a layout of one name.
 *
 * @param struct The struct.
 * @param comments Comments of the header it stands in.
 * @returns TypeScript.
 */
export function emitStruct(struct: CStruct, comments: Comments): string {
  const name = typeName(struct.name);
  const properties = struct.fields.filter((field) => field.type !== "pad").map((field) =>
    `${doc(comments.get(`${struct.name}.${field.name}`), "  ")}  readonly ${field.name}: ${
      valueType(field)
    };\n`
  );
  const fields = struct.fields.map(({ name, offset, type, count }) =>
    `    { name: "${name}", offset: ${offset}, type: ${layoutType(type)}, count: ${count} },\n`
  );
  return `/** Value of struct ${struct.name}. */\nexport interface ${name} {\n${
    properties.join("")
  }}\n` +
    `/** Layout of struct ${struct.name}. */\nexport const ${name}: Layout<${name}> = {\n` +
    `  name: "${struct.name}",\n  size: ${struct.size},\n  fields: [\n${fields.join("")}  ],\n};\n`;
}

/**
 * An object of constants, by their names in C.
 *
 * @param source The enum.
 * @param comments Comments of the header it stands in.
 * @returns TypeScript.
 */
export function emitEnum(source: CEnum, comments: Comments): string {
  const values = source.values.map(({ name, value }) =>
    `${doc(comments.get(`${source.name}.${name}`), "  ")}  ${name}: ${value},\n`
  );
  return `/** enum ${source.name}. */\nexport const ${typeName(source.name)} = {\n${
    values.join("")
  }} as const;\n`;
}

/**
 * A constant.
 *
 * @param name Name of the macro or enum constant.
 * @param value Its value.
 * @returns TypeScript.
 */
export function emitConstant(name: string, value: number): string {
  return `/** Constant ${name} of C. */\nexport const ${name} = ${value};\n`;
}

function valueType({ type, count }: CField): string {
  const struct = /^struct (\w+)$/.exec(type)?.[1];
  if (struct !== undefined) {
    return count === null ? typeName(struct) : `readonly ${typeName(struct)}[]`;
  }
  if (count !== null) return ARRAYS[type] ?? "readonly number[]";
  return VALUES[type] ?? "number";
}

function layoutType(type: string): string {
  const struct = /^struct (\w+)$/.exec(type)?.[1];
  return struct === undefined ? `"${type}"` : typeName(struct);
}

function doc(comment: string | undefined, indent: string): string {
  return comment === undefined ? "" : `${indent}/** ${comment} */\n`;
}
