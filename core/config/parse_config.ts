import * as v from "valibot";
import { balancerConfig } from "./balancer_config.ts";
import { type Document, type Mistake, type Path, readDocument } from "./document.ts";
import { FOUND, knownKeys, UNKNOWN_KEY } from "./fields.ts";
import { nearest } from "./nearest.ts";
import { resolveDesired } from "./resolve_desired.ts";
import { configSchema } from "./schema.ts";
import type { Config, ConfigError } from "./types.ts";

/** A configuration, or everything that is wrong with it in the order of the text. */
export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/**
 * Reads weir.yaml.
 *
 * @param text content of the file
 * @param file its name, for messages
 * @returns the configuration, or every error with its place
 */
export function parseConfig(text: string, file: string): ConfigResult {
  const document = readDocument(text);
  if (document.mistakes.length > 0) return failed(document, document.mistakes, file);
  const parsed = v.safeParse(configSchema, document.value);
  if (!parsed.success) {
    return failed(document, parsed.issues.map((issue) => mistakeOf(document, issue)), file);
  }
  const { desired, mistakes } = resolveDesired(parsed.output, document);
  if (mistakes.length > 0) return failed(document, mistakes, file);
  return { ok: true, config: { balancer: balancerConfig(parsed.output.balancer), desired } };
}

function failed(document: Document, mistakes: readonly Mistake[], file: string): ConfigResult {
  const errors = mistakes.toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => ({ file, ...document.position(offset), message }));
  return { ok: false, errors };
}

function mistakeOf(document: Document, issue: v.BaseIssue<unknown>): Mistake {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const key = String(path.at(-1));
  if (issue.message.startsWith(UNKNOWN_KEY)) {
    const kind = issue.message.slice(UNKNOWN_KEY.length);
    const near = nearest(key, knownKeys(kind));
    const hint = near === null
      ? `; expected ${knownKeys(kind).join(", ")}`
      : `; did you mean "${near}"?`;
    return { offset: document.keyAt(path), message: `Unknown key "${key}" in ${kind}${hint}` };
  }
  const isMissing = issue.kind === "schema" && issue.expected === `"${key}"`;
  if (isMissing) {
    return { offset: document.valueAt(path.slice(0, -1)), message: `Missing key "${key}"` };
  }
  return {
    offset: document.valueAt(path),
    message: issue.message.replace(FOUND, () => foundText(document, path, issue.input)),
  };
}

function foundText(document: Document, path: Path, value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  const source = document.sourceAt(path);
  return source === null || source === ""
    ? "nothing"
    : `"${source.replace(/^(["'])(.*)\1$/, "$2")}"`;
}
