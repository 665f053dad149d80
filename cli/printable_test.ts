import { equal } from "node:assert/strict";
import { printable } from "./printable.ts";

Deno.test("printable() shows control characters, and leaves the rest", () => {
  equal(printable("a\u001b[31mb\u0007\tc\u009b"), "a\\x1b[31mb\\x07\\x09c\\x9b");
  equal(printable("Grüße, 世界\n2"), "Grüße, 世界\n2");
});
