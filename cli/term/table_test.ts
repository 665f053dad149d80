import { deepEqual, ok } from "node:assert/strict";
import { style } from "./ansi.ts";
import { table } from "./table.ts";
import { displayWidth } from "./width.ts";

const plain = style(false);
const columns = [{ title: "VIP" }, { title: "NAME", flexible: true }, {
  title: "N",
  align: "right",
}] as const;

Deno.test("table() aligns columns and drops spaces at the end", () => {
  deepEqual(table(columns, [["a", "", "1"], ["bbbb", "x", ""]], { width: 80, style: plain }), [
    "VIP   NAME  N",
    "a           1",
    "bbbb  x",
  ]);
});

Deno.test("table() shortens flexible columns only, to no less than their titles", () => {
  const rows = [["10.0.0.1:80", "a name that is long", "1"]];
  deepEqual(table(columns, rows, { width: 24, style: plain }), [
    "VIP          NAME      N",
    "10.0.0.1:80  a name …  1",
  ]);
  deepEqual(table(columns, rows, { width: 1, style: plain })[1], "10.0.0.1:80  a n…  1");
});

Deno.test("table() counts what a reader sees: no colours, two columns for wide letters", () => {
  const red = style(true).red("x");
  const rows = [["東京", red, "1"], ["abcd", "y", "2"]];
  const [, first, second] = table(columns, rows, { width: 80, style: plain });
  ok(first?.includes(red));
  deepEqual(displayWidth(first ?? ""), displayWidth(second ?? ""));
});
