import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { rampSteps } from "./ramp_steps.ts";

Deno.test("rampSteps() spreads a change evenly", () => {
  deepEqual(rampSteps(0, 4, 8), [0, 1, 2, 3, 4].map((weight) => ({ at: 2 * weight, weight })));
  deepEqual(rampSteps(5, 5, 60), [{ at: 0, weight: 5 }]);
});

Deno.test("rampSteps() begins and ends where it must, never turns back, never repeats", () => {
  const weight = fc.nat(65535);
  fc.assert(fc.property(weight, weight, fc.integer({ min: 1, max: 86_400 }), (from, to, time) => {
    const steps = rampSteps(from, to, time);
    deepEqual(steps[0], { at: 0, weight: from });
    equal(steps.at(-1)?.weight, to);
    ok(steps.length <= 31 && (from === to || steps.at(-1)?.at === time));
    for (const [i, step] of steps.entries()) {
      const before = steps[i - 1];
      if (before === undefined) continue;
      ok(step.at - before.at >= 1 - 1e-9);
      equal(Math.sign(step.weight - before.weight), Math.sign(to - from));
    }
  }));
});
