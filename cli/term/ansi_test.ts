import { equal } from "node:assert/strict";
import { style, wantsColour } from "./ansi.ts";

Deno.test("style() paints only where colour is wanted, and never nothing", () => {
  equal(style(true).red("x"), "\x1b[31mx\x1b[39m");
  equal(style(true).red(""), "");
  equal(style(false).red("x"), "x");
});

Deno.test("wantsColour() asks terminal, NO_COLOR and TERM", () => {
  const env = (set: Record<string, string>) => (name: string) => set[name];
  equal(wantsColour(true, env({})), true);
  equal(wantsColour(false, env({})), false);
  equal(wantsColour(true, env({ NO_COLOR: "1" })), false);
  equal(wantsColour(true, env({ NO_COLOR: "" })), true);
  equal(wantsColour(true, env({ TERM: "dumb" })), false);
});
