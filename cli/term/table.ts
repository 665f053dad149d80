import type { Style } from "./ansi.ts";
import { displayWidth, truncate } from "./width.ts";

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand right; default left. */
  readonly align?: "left" | "right";
  /** May be shortened if the table is too wide, to no less than its title. */
  readonly flexible?: boolean;
}

/** How a table is drawn. */
export interface TableOptions {
  /** Columns of the screen. */
  readonly width: number;
  readonly style: Style;
}

const GAP = "  ";

/**
 * Draws a table: titles, rows, two spaces between columns, no lines.
 *
 * @param columns from left to right
 * @param rows cells by row; a missing cell is empty
 * @param options width and colour
 * @returns lines without trailing spaces
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, style }: TableOptions,
): readonly string[] {
  const widths = fit(columns, naturalWidths(columns, rows), width);
  const line = (cells: readonly string[]) =>
    columns.map((column, i) => cell(cells[i] ?? "", widths[i] ?? 0, column)).join(GAP).trimEnd();
  return [style.bold(line(columns.map(({ title }) => title))), ...rows.map(line)];
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map(({ title }, i) =>
    rows.reduce((most, row) => Math.max(most, displayWidth(row[i] ?? "")), displayWidth(title))
  );
}

/** Takes what is too much from the widest flexible column, again and again. */
function fit(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () =>
    widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  while (total() > width) {
    const candidates = widths.map((width, i) => {
      const column = columns[i];
      return column?.flexible === true && width > displayWidth(column.title) ? width : 0;
    });
    const widest = candidates.indexOf(Math.max(...candidates));
    if ((candidates[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function cell(text: string, width: number, { align, flexible }: Column): string {
  const shown = flexible === true ? truncate(text, width) : text;
  const space = " ".repeat(Math.max(0, width - displayWidth(shown)));
  return align === "right" ? space + shown : shown + space;
}
