import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { turnsV1, turnsV2 } from "./_turns.ts";

/** V2 as katran runs it: round after round, everyone saves up. */
function savingTurns(weights: readonly number[], size: number): number[] {
  const largest = Math.max(...weights);
  const saved = weights.map(() => 0);
  const turns: number[] = [];
  while (turns.length < size) {
    for (const [i, weight] of weights.entries()) {
      saved[i] = (saved[i] ?? 0) + weight;
      if ((saved[i] ?? 0) < largest) continue;
      saved[i] = (saved[i] ?? 0) - largest;
      turns.push(i);
    }
  }
  return turns.slice(0, size);
}

Deno.test("turnsV2() takes the turns of the algorithm that saves up", () => {
  const weight = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 65535 }));
  const weights = fc.array(weight, { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(weights, fc.integer({ min: 1, max: 300 }), (weights, size) => {
    deepEqual([...turnsV2(Uint16Array.from(weights), size)], savingTurns(weights, size));
  }));
});

Deno.test("turnsV2() agrees at full size with one real far heavier than the rest", () => {
  for (const weights of [[65535, 1, 1], [1, 65535], [65534, 65535, 32767, 3]]) {
    deepEqual([...turnsV2(Uint16Array.from(weights), 65537)], savingTurns(weights, 65537));
  }
});

Deno.test("turnsV1() gives as many turns as weights say, then one each", () => {
  deepEqual([...turnsV1(Uint16Array.of(1, 2, 3), 11)], [0, 1, 1, 2, 2, 2, 0, 1, 2, 0, 1]);
  deepEqual([...turnsV1(Uint16Array.of(2, 9), 5)], [0, 0, 1, 1, 1]);
});
