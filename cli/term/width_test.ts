import { equal } from "node:assert/strict";
import { displayWidth, truncate } from "./width.ts";

Deno.test("displayWidth() counts columns", () => {
  equal(displayWidth("abc"), 3);
  equal(displayWidth("\x1b[31mabc\x1b[39m"), 3);
  equal(displayWidth("e\u0301"), 1);
  equal(displayWidth("日本"), 4);
  equal(displayWidth("🚀"), 2);
});

Deno.test("truncate() leaves an ellipsis and never half a wide letter", () => {
  equal(truncate("abcdef", 6), "abcdef");
  equal(truncate("abcdef", 4), "abc…");
  equal(truncate("日本語", 4), "日…");
  equal(truncate("\x1b[31mabcdef\x1b[39m", 4), "\x1b[31mabc…\x1b[39m");
});
