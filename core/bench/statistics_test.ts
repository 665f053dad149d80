import assert from "node:assert/strict";
import fc from "fast-check";
import { costOf, isQuiet, mergeCosts, quantile, type Round } from "./statistics.ts";

/** A round in which the empty program took `empty` and the other `net` more. */
function round(net: number, empty = 60): Round {
  return { nulls: [empty, empty], loaded: empty + net };
}

Deno.test("costOf() is the median of rounds less the empty program around each", () => {
  const rounds: readonly Round[] = [
    { nulls: [60, 62], loaded: 91 }, // 30
    { nulls: [60, 60], loaded: 92 }, // 32
    { nulls: [61, 61], loaded: 95 }, // 34
  ];
  const cost = costOf(rounds);
  assert.deepEqual(cost, { ns: 32, p25: 31, p75: 33, floor: 31, rounds: 3, noisy: 0 });
});

Deno.test("costOf() throws rounds away whose empty runs are over 5 % above the best", () => {
  const noisy: Round = { nulls: [60, 63.1], loaded: 300 };
  const cost = costOf([round(30), round(31), noisy, round(32)]);
  assert.equal(cost.ns, 31);
  assert.deepEqual([cost.rounds, cost.noisy], [3, 1]);
  assert.equal(isQuiet({ nulls: [60, 63], loaded: 0 }, 60), true);
  assert.equal(isQuiet(noisy, 60), false);
});

Deno.test("costOf() takes the calmest half where hardly a round is quiet", () => {
  const rounds = [round(30, 60), round(40, 70), round(50, 80), round(60, 90)];
  const cost = costOf(rounds);
  assert.deepEqual([cost.rounds, cost.noisy], [2, 2]);
  assert.equal(cost.ns, 35);
});

Deno.test("costOf() refuses no rounds", () => {
  assert.throws(() => costOf([]), RangeError);
});

Deno.test("mergeCosts() is the median of loads, with the widest quartiles", () => {
  const cost = (ns: number) => ({
    ...{ ns, p25: ns - 1, p75: ns + 1, floor: ns - 2, rounds: 5, noisy: 1 },
  });
  assert.deepEqual(mergeCosts([cost(30), cost(50), cost(31)]), {
    ...{ ns: 31, p25: 29, p75: 51, floor: 28, rounds: 15, noisy: 3 },
  });
});

Deno.test("quantile() stands between the values, and no order matters", () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.equal(quantile([7], 0.25), 7);
  assert.throws(() => quantile([], 0.5), /no values/);
  const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
    const result = quantile(all, q);
    assert.ok(result >= Math.min(...all) - 1e-6 && result <= Math.max(...all) + 1e-6);
    assert.equal(quantile(all.toReversed(), q), result);
  }));
});
