/** A line of keepalived.conf, with the block that it opens, if it does. */
export interface Block {
  /** 1 and up. */
  readonly line: number;
  readonly words: readonly string[];
  readonly children: readonly Block[];
}

interface OpenBlock extends Block {
  readonly children: OpenBlock[];
}

/**
 * Reads the nesting of keepalived.conf: words, braces, comments that begin with `#` or `!`. Braces that
 * do not pair end where the file ends.
 *
 * @param text content of the file
 */
export function readBlocks(text: string): readonly Block[] {
  const top: OpenBlock = { line: 0, words: [], children: [] };
  let path: readonly OpenBlock[] = [top];
  for (const [index, line] of text.split("\n").entries()) {
    const tokens = line.match(/"[^"]*"|[{}]|[#!].*|[^\s{}"]+/g) ?? [];
    let words: string[] = [];
    const flush = (): OpenBlock | undefined => {
      const parent = path.at(-1);
      if (parent === undefined || words.length === 0) return parent?.children.at(-1);
      const block: OpenBlock = { line: index + 1, words, children: [] };
      parent.children.push(block);
      words = [];
      return block;
    };
    for (const token of tokens) {
      if (/^[#!]/.test(token)) break;
      if (token === "{") path = [...path, flush() ?? top];
      else if (token === "}") {
        flush();
        path = path.length > 1 ? path.slice(0, -1) : path;
      } else words.push(token.replace(/^"(.*)"$/, "$1"));
    }
    flush();
  }
  return top.children;
}
