import { equal } from "node:assert/strict";
import { lowestFree } from "./lowest_free.ts";

Deno.test("lowestFree() fills gaps first and ends before the end", () => {
  const taken = new Set([1, 2, 4]);
  equal(lowestFree((i) => taken.has(i), 1, 8), 3);
  equal(lowestFree((i) => taken.has(i), 4, 8), 5);
  equal(lowestFree((i) => taken.has(i), 1, 3), null);
});
