import type { Host } from "./host.ts";
import { jsonDocument } from "./json.ts";
import { style, wantsColour } from "./term/ansi.ts";
import type { TableOptions } from "./term/table.ts";

/** Width of output that no terminal limits, so that nothing is cut in files and pipes. */
const UNLIMITED = 10_000;

/**
 * Prints data on stdout, as JSON or as lines for people.
 *
 * @param host stdout and its terminal
 * @param flags whether JSON is wanted
 * @param kind kind of the JSON document
 * @param data its fields
 * @param lines draws the data
 */
export function show(
  host: Host,
  flags: { readonly json: boolean },
  kind: string,
  data: object,
  lines: (options: TableOptions) => readonly string[],
): void {
  if (flags.json) return host.stdout.write(jsonDocument(kind, { ...data }));
  const text = lines(viewOptions(host)).map((line) => `${line}\n`).join("");
  if (text !== "") host.stdout.write(text);
}

/**
 * Width and colour of views on this stdout.
 *
 * @param host stdout and its terminal
 */
export function viewOptions(host: Host): TableOptions {
  const { isTerminal, columns } = host.screen();
  return {
    width: isTerminal ? columns : UNLIMITED,
    style: style(wantsColour(isTerminal, (name) => host.env(name))),
  };
}
