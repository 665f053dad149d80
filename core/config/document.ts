import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "./yaml.ts";

/** Keys and list positions from the top of a document to a value. */
export type Path = readonly (string | number)[];

/** A mistake at a place of the text. */
export interface Mistake {
  /** Characters from the begin of the text. */
  readonly offset: number;
  readonly message: string;
}

/** A YAML text as plain data that still knows where everything stood. */
export interface Document {
  readonly value: unknown;
  /** Errors of the YAML itself; if there are any, `value` is of no use. */
  readonly mistakes: readonly Mistake[];
  /** Where a value stands; of a path that leads nowhere, where its nearest ancestor stands. */
  valueAt(path: Path): number;
  /** Where the key of a value stands. */
  keyAt(path: Path): number;
  /** A scalar as it was written, shortened; null if there is none. */
  sourceAt(path: Path): string | null;
  /** Line and column, both from 1. */
  position(offset: number): { readonly line: number; readonly column: number };
}

const LONGEST_QUOTE = 40;

/** Aliases fail only here: one without an anchor, or so many that the file grows beyond measure. */
function plainValue(
  doc: { toJS(options: { maxAliasCount: number }): unknown },
  mistakes: Mistake[],
): unknown {
  try {
    return doc.toJS({ maxAliasCount: 100 });
  } catch (error) {
    mistakes.push({ offset: 0, message: error instanceof Error ? error.message : String(error) });
    return null;
  }
}

/** Errors of the parser; of a file nested beyond its stack, that alone. */
function yamlMistakes(
  errors: readonly { readonly pos: readonly [number, number]; code: string; message: string }[],
): Mistake[] {
  const mistakes = errors.map(({ pos, code, message }): Mistake => ({
    offset: pos[0],
    message: code === "MULTIPLE_DOCS" ? "Expected one document" : message.split("\n")[0] ?? "",
  }));
  const deep = mistakes.find(({ message }) => message.includes("call stack"));
  return deep === undefined ? mistakes : [{ ...deep, message: "Nested too deeply" }];
}

/**
 * Reads YAML (or JSON, which is YAML).
 *
 * @param text content of a file
 */
export function readDocument(text: string): Document {
  const lineCounter = new LineCounter();
  const doc = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "error" });
  const mistakes = yamlMistakes(doc.errors);
  const value = mistakes.length > 0 ? null : plainValue(doc, mistakes);
  const nodeAt = (path: Path): unknown => doc.getIn(path, true);
  const offsetOf = (node: unknown) => isNode(node) ? node.range?.[0] ?? null : null;
  const valueAt = (path: Path): number => {
    const offset = path.length === 0 ? offsetOf(doc.contents) : offsetOf(nodeAt(path));
    if (offset !== null) return offset;
    return path.length === 0 ? 0 : valueAt(path.slice(0, -1));
  };
  return {
    value,
    mistakes,
    valueAt,
    keyAt: (path) => {
      const parent = nodeAt(path.slice(0, -1)) ?? doc.contents;
      if (!isMap(parent)) return valueAt(path);
      const name = path.at(-1);
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === name);
      return offsetOf(pair?.key) ?? valueAt(path);
    },
    sourceAt: (path) => {
      const node = nodeAt(path);
      if (!isNode(node) || isMap(node) || isSeq(node) || !node.range) return null;
      const source = text.slice(node.range[0], node.range[1]);
      return source.length > LONGEST_QUOTE ? `${source.slice(0, LONGEST_QUOTE)}...` : source;
    },
    position: (offset) => {
      const { line, col } = lineCounter.linePos(offset);
      return { line: Math.max(1, line), column: Math.max(1, col) };
    },
  };
}
