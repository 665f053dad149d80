import type { Comments } from "./emit.ts";

/** Names that a C header defines, in order. */
export interface Header {
  readonly structs: readonly string[];
  readonly enums: readonly string[];
  /** Macros that have a value and no parameters. */
  readonly macros: readonly string[];
  readonly comments: Comments;
}

/**
 * Lists what a header in the style of abi.h defines. Layouts and values come from a compiler;
 * this only says what to ask it for, and keeps the one-line comments.
 *
 * @param text The header.
 * @returns Names and comments.
 */
export function parseHeader(text: string): Header {
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name ?? "");
  return {
    structs: names(/^struct (\w+) \{/gm),
    enums: names(/^enum (\w+) \{/gm),
    macros: names(/^#define (\w+)[ \t]+\S/gm),
    comments: parseComments(text),
  };
}

function parseComments(text: string): Comments {
  const comments = new Map<string, string>();
  for (const [, kind, owner, body] of text.matchAll(/^(struct|enum) (\w+) \{([^}]*)\}/gm)) {
    const pattern = kind === "struct"
      ? /^\t[\w ]*?(\w+)(?:\[\w+\])?; +\/\* (.*) \*\/$/gm
      : /^\t(\w+)(?: = [^,]*)?, +\/\* (.*) \*\/$/gm;
    for (const [, name, comment] of (body ?? "").matchAll(pattern)) {
      comments.set(`${owner}.${name}`, comment ?? "");
    }
  }
  return comments;
}
