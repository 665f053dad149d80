import assert from "node:assert/strict";
import { Random } from "./random.ts";

Deno.test("Random gives the same numbers for the same seed", () => {
  const numbers = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 5 }, () => random.u32());
  };
  assert.deepEqual(numbers(1), numbers(1));
  assert.notDeepEqual(numbers(1), numbers(2));
});

Deno.test("Random.below() and between() reach their ends and nothing beyond", () => {
  const random = new Random(3);
  const below = new Set(Array.from({ length: 1000 }, () => random.below(5)));
  assert.deepEqual([...below].sort(), [0, 1, 2, 3, 4]);
  const between = new Set(Array.from({ length: 1000 }, () => random.between(-1, 1)));
  assert.deepEqual([...between].sort((a, b) => a - b), [-1, 0, 1]);
});

Deno.test("Random.oneIn() is true about as often as it says", () => {
  const random = new Random(4);
  const hits = Array.from({ length: 8000 }, () => random.oneIn(8)).filter(Boolean).length;
  assert.ok(hits > 850 && hits < 1150, `${hits} of 8000`);
});

Deno.test("Random.pick() needs a choice", () => {
  assert.throws(() => new Random(1).pick([]), RangeError);
});
