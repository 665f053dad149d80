import assert from "node:assert/strict";
import { goal } from "./classes/define.ts";
import { type ClassResult, summarize } from "./report.ts";
import { judge } from "./verdict.ts";

const COST = { p25: 0, p75: 0, floor: 0, rounds: 1, noisy: 0 };

/** A class that costs `ns` where katran would cost 100 and 20 are allowed. */
function result(name: string, ns: number, judged = true): ClassResult {
  const cost = { ...COST, ns };
  const reference = { ...COST, ns: 104 };
  const own = judged ? goal(100, 0.2) : null;
  const verdict = own === null ? null : judge(ns, reference.ns, own);
  return {
    ...{ name, brief: "", flows: 1, cost, reference, yardstick: "hot", goal: own, verdict },
  };
}

Deno.test("summarize() counts classes with a goal and finds the worst", () => {
  const summary = summarize([result("a", 10), result("b", 40), result("c", 999, false)]);
  assert.equal(summary.classes, 2);
  assert.equal(summary.within, 1);
  assert.equal(summary.worst?.name, "b");
  assert.equal(summary.worst?.verdict?.load, 2);
  assert.ok(Math.abs(summary.mean - 0.2) < 1e-9);
});

Deno.test("summarize() of nothing has no worst class", () => {
  const summary = summarize([]);
  assert.deepEqual([summary.classes, summary.within, summary.worst], [0, 0, null]);
});
