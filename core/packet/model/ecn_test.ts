import assert from "node:assert/strict";
import { mergeEcn } from "./ecn.ts";

const [NOT, ECT1, ECT0, CE] = [0, 1, 2, 3] as const;

Deno.test("mergeEcn() is figure 4 of RFC 6040", () => {
  const outers = [NOT, ECT0, ECT1, CE];
  const row = (inner: number) => outers.map((outer) => mergeEcn(inner, outer));
  assert.deepEqual(row(NOT), [NOT, NOT, NOT, null]);
  assert.deepEqual(row(ECT0), [ECT0, ECT0, ECT1, CE]);
  assert.deepEqual(row(ECT1), [ECT1, ECT1, ECT1, CE]);
  assert.deepEqual(row(CE), [CE, CE, CE, CE]);
});
