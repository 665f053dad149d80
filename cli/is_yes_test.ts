import { equal } from "node:assert/strict";
import { isYes } from "./is_yes.ts";

Deno.test("isYes() takes y and yes, and nothing else", () => {
  for (const answer of ["y", "Y", "yes", " Yes "]) equal(isYes(answer), true, answer);
  for (const answer of ["", "n", "no", "yesterday", "ja"]) equal(isYes(answer), false, answer);
});
