import assert from "node:assert/strict";
import { geometricMean, judge, yardstickOf } from "./verdict.ts";
import { goal } from "./classes/define.ts";
import { PACKET_CLASSES } from "./classes.ts";

Deno.test("judge() scales the goal by the reference in the same run", () => {
  const same = judge(26, 104, goal(104, 0.25));
  assert.deepEqual(same, {
    ...{ ratio: 0.25, target: 0.25, factor: 1, limitNs: 26, load: 1, within: true },
  });
  const slower = judge(26, 52, goal(104, 0.25));
  assert.equal(slower.factor, 0.5);
  assert.equal(slower.ratio, 0.5);
  assert.equal(slower.within, false);
  assert.equal(judge(38.4, 480, goal(400, 0.08, "64k")).within, true);
  assert.equal(judge(38.5, 480, goal(400, 0.08, "64k")).within, false);
});

Deno.test("geometricMean() is that of products, and survives noise below zero", () => {
  assert.ok(Math.abs(geometricMean([0.1, 0.4]) - 0.2) < 1e-12);
  assert.equal(geometricMean([]), 1);
  assert.ok(Math.abs(geometricMean([-0.5]) - 0.001) < 1e-12);
});

Deno.test("yardstickOf() goes by the goal, else by the flows", () => {
  const named = (name: string) => {
    const found = PACKET_CLASSES.find((each) => each.name === name);
    assert.ok(found, name);
    return found;
  };
  assert.equal(yardstickOf(named("tcp-v4")), "hot");
  assert.equal(yardstickOf(named("tcp-v4-1m")), "64k");
  assert.equal(yardstickOf(named("tcp-v4-always-64k")), "64k");
  assert.equal(yardstickOf(named("icmp-too-big-v6")), "hot");
});
