import * as v from "valibot";
import type { JsonSchema } from "./json_schema.ts";
import { nearest } from "./nearest.ts";

/** What stands in messages in place of the offending text, which only the document knows. */
export const FOUND = "\u0000found";

/** Message of an unknown key up to its name; the rest names the kind of mapping. */
export const UNKNOWN_KEY = "Unknown key of ";

const keysByKind = new Map<string, readonly string[]>();

/**
 * The keys that a kind of mapping has.
 *
 * @param kind as given to `mapping`
 */
export function knownKeys(kind: string): readonly string[] {
  return keysByKind.get(kind) ?? [];
}

/**
 * A mapping with fixed keys; every other key is an error of its own.
 *
 * @param kind what the mapping describes, for messages: `a VIP`
 * @param entries schema by key
 */
export function mapping<const E extends v.ObjectEntries>(kind: string, entries: E) {
  keysByKind.set(kind, Object.keys(entries));
  const unknownKey = v.custom<never>(() => false, UNKNOWN_KEY + kind);
  return v.objectWithRest(entries, unknownKey, `Expected ${kind}, a mapping, but found ${FOUND}`);
}

/**
 * A value that a function reads.
 *
 * @param wanted what is wanted, for messages: `an IP address`
 * @param read gives null for what is not that
 * @param form the same in JSON Schema, as far as that can say it
 */
export function field<T>(
  wanted: string,
  read: (input: unknown) => T | null,
  form: JsonSchema = {},
) {
  return v.pipe(
    v.unknown(),
    v.metadata({ form: { description: wanted, ...form } }),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value);
      if (value !== null) return value;
      addIssue({ message: `Expected ${wanted} but found ${FOUND}` });
      return NEVER;
    }),
  );
}

/**
 * A whole number in a range.
 *
 * @param wanted what is wanted, for messages: `a weight`
 */
export function integer(wanted: string, min: number, max: number) {
  return field(
    `${wanted} from ${min} to ${max}`,
    (input) =>
      typeof input === "number" && Number.isInteger(input) && input >= min && input <= max
        ? input
        : null,
    { type: "integer", minimum: min, maximum: max },
  );
}

/** Text that a function reads; numbers do not count as text. */
export function text<T>(
  wanted: string,
  read: (input: string) => T | null,
  form: JsonSchema = {},
) {
  const readText = (input: unknown) => typeof input === "string" ? read(input) : null;
  return field(wanted, readText, { type: "string", ...form });
}

/** `true` or `false`. */
export function flag() {
  const read = (input: unknown) => typeof input === "boolean" ? input : null;
  return field("true or false", read, { type: "boolean" });
}

/** One of some words; the message names the nearest. */
export function choice<const T extends string>(wanted: string, values: readonly T[]) {
  return v.pipe(
    v.unknown(),
    v.metadata({ form: { description: wanted, enum: values } }),
    v.rawTransform<unknown, T>(({ dataset, addIssue, NEVER }) => {
      const value = values.find((value) => value === dataset.value);
      if (value !== undefined) return value;
      const near = typeof dataset.value === "string" ? nearest(dataset.value, values) : null;
      addIssue({
        message: near === null
          ? `Expected ${wanted} (${values.join(", ")}) but found ${FOUND}`
          : `Expected ${wanted} but found ${FOUND}; did you mean "${near}"?`,
      });
      return NEVER;
    }),
  );
}

/** A name for humans: text of at most 63 bytes without control characters. */
export function name() {
  return text("a name of at most 63 bytes", (input) => {
    const length = new TextEncoder().encode(input).length;
    // deno-lint-ignore no-control-regex -- control characters are what is refused
    return length <= 63 && !/[\u0000-\u001f\u007f]/.test(input) ? input : null;
  }, { maxLength: 63 });
}
