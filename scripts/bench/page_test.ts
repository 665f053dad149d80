import assert from "node:assert/strict";
import { BENCH_REPORT } from "../../tests/cli/bench_report.ts";
import { isWithin, medianMs } from "./measurement.ts";
import { pageOf } from "./page.ts";

const CONTROL = [
  { name: "ring built", value: 2.5, unit: "ms", limit: 3 },
  { name: "patch", value: 0.75, unit: "ms", limit: 0.5 },
  { name: "an empty program", value: 15, unit: "ms", limit: null },
];

Deno.test("pageOf() shows every figure beside its limit, and says on what it was measured", () => {
  const page = pageOf({ report: BENCH_REPORT, control: CONTROL, date: "2026-11-22" });
  assert.match(page, /2026-11-22: AMD EPYC, 2 CPUs of a virtual machine, .*JIT on/);
  assert.match(page, /\| `tcp-v4` \| tcp-v4 \| 0\.200 \| 0\.25 \| ok \| 20\.8 \|/);
  assert.match(page, /\| `tcp-v4-64k` \|.*\| over \|/);
  assert.match(page, /\| `tcp-v4-always-64k` \| tcp-v4-always-64k \| {2}\| {2}\| {2}\| 180\.0 \|/);
  assert.match(page, /1 of 2 classes/);
  assert.match(page, /99\.95 % of the established flows/);
  assert.match(page, /\| ring built \| 2\.50 ms \| 3 ms \| ok \|/);
  assert.match(page, /\| patch \| 0\.75 ms \| 0\.5 ms \| over \|/);
  assert.match(page, /\| an empty program \| 15\.0 ms \| {2}\| {2}\|/);
});

Deno.test("isWithin() takes a figure without a limit as it is", () => {
  assert.deepEqual(CONTROL.map(isWithin), [true, false, true]);
});

Deno.test("medianMs() runs as often to get warm as it counts", () => {
  let runs = 0;
  assert.ok(medianMs(() => runs++, 3) >= 0);
  assert.equal(runs, 6);
});
