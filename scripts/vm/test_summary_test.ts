import assert from "node:assert/strict";
import { testSummary } from "./test_summary.ts";

Deno.test("testSummary() reads steps and ignored tests", () => {
  const lines = ["x ... ok (1ms)", "ok | 12 passed (3 steps) | 0 failed | 2 ignored (1s)", ""];
  assert.deepEqual(testSummary(lines), { passed: 12, failed: 0, ignored: 2 });
});

Deno.test("testSummary() reads failed steps", () => {
  const lines = ["FAILED | 92 passed (6 steps) | 1 failed (6 steps) (3m20s)", "", "error: x"];
  assert.deepEqual(testSummary(lines), { passed: 92, failed: 1, ignored: 0 });
});

Deno.test("testSummary() adds runs up", () => {
  const lines = ["ok | 2 passed | 0 failed (1s)", "x", "ok | 3 passed | 0 failed | 1 ignored (1s)"];
  assert.deepEqual(testSummary(lines), { passed: 5, failed: 0, ignored: 1 });
});

Deno.test("testSummary() is null when the run was cut off", () => {
  assert.equal(testSummary(["x ... ok (1ms)"]), null);
});
