import { deepEqual, equal } from "node:assert/strict";
import { manyMembers, sha256, shares } from "./_test_support.ts";
import { maglev } from "./maglev.ts";
import { patchDown } from "./patch.ts";

const THOUSAND = maglev(manyMembers(1000, () => 1), "maglev-v2");

/** Slots of the busiest real over the mean of those that serve. */
function peak(ring: Uint16Array): number {
  const counts = [...shares(ring).values()];
  return Math.max(...counts) * counts.length / ring.length;
}

/** Every `step`-th real, so that sets differ but runs do not. */
function everyNth(step: number, from: number): (real: number) => boolean {
  return (real) => real % step === from;
}

Deno.test("patchDown() takes the same paths on every host, for good", async () => {
  // Checked against big-integer arithmetic: (slot * (2k + 3) + 12345k)^3 mod 65537, then linear.
  const base = Uint16Array.from({ length: 65537 }, (_, slot) => 1 + (slot >> 2));
  const half = patchDown(base, (real) => real > 8000);
  deepEqual([...half.subarray(32000, 32004)], [7833, 5121, 817, 5338]);
  equal(await sha256(half), "51bb7549dc58d7c488f556a36d8247e712b2f187d155a0fd5feb0136a586c10d");
  const few = patchDown(base, (real) => real > 200);
  equal(await sha256(few), "f748fc92f9bf9901479b178057554226251d7e9da1b7ea1f679393a2b98958b6");
});

Deno.test("patchDown() keeps the busiest of 999 reals within 1.05 of the mean", () => {
  const peaks = [17, 400, 1000].map((down) => peak(patchDown(THOUSAND, (real) => real === down)));
  equal(Math.max(...peaks) <= 1.05, true, `Peaks are "${peaks}"`);
});

Deno.test("patchDown() keeps the busiest of 900 reals within 1.15 of the mean", () => {
  const peaks = [0, 1, 2, 3, 4].map((from) => peak(patchDown(THOUSAND, everyNth(10, from))));
  const mean = peaks.reduce((a, b) => a + b) / peaks.length;
  equal(mean <= 1.15, true, `Peaks are "${peaks}"`);
});

Deno.test("patchDown() follows the weights of the reals that serve", () => {
  const ring = maglev(manyMembers(3, (i) => [1, 1, 3][i] ?? 0), "maglev-v2");
  const counts = shares(patchDown(ring, (real) => real === 1));
  const share = (counts.get(3) ?? 0) / ring.length;
  equal(Math.abs(share - 0.75) < 0.01, true, `Share is "${share}"`);
});

Deno.test("patchDown() leaves every slot empty when all reals are out", () => {
  equal(patchDown(THOUSAND, () => true).every((real) => real === 0), true);
});

Deno.test("patchDown() gives every slot to the last real", () => {
  equal(patchDown(THOUSAND, (real) => real !== 321).every((real) => real === 321), true);
});

Deno.test("patchDown() leaves an empty ring empty and asks of no real 0", () => {
  const asked: number[] = [];
  const ring = patchDown(new Uint16Array(65537), (real) => asked.push(real) > 0);
  equal(ring.every((real) => real === 0), true);
  deepEqual(asked, []);
});

Deno.test("patchDown() asks once a real and changes no input", () => {
  const before = THOUSAND.slice();
  const asked: number[] = [];
  patchDown(THOUSAND, (real) => asked.push(real) > 0 && real === 5);
  equal(asked.length, 1000);
  equal(new Set(asked).size, 1000);
  deepEqual(THOUSAND, before);
});
