/** katran's packet suites, where they lie beside the repository: frames, verdicts, counters. */
import assert from "node:assert/strict";
import { FIXTURES, readSuites } from "../support/fixtures/read_suites.ts";
import { runSuite } from "../support/fixtures/run_suite.ts";
import { rootTest } from "../support/root_test.ts";

const found = readSuites(FIXTURES);

if (found === null) {
  Deno.test({ name: `katran's suites ("${FIXTURES}" is missing)`, ignore: true, fn: () => {} });
}

for (const suite of found?.suites ?? []) {
  rootTest(`katran's suite ${suite.name}: ${suite.cases.length} cases`, async () => {
    const { passed, total, failures, notes } = await runSuite(suite);
    assert.deepEqual([...failures, ...notes], []);
    assert.equal(passed, total);
  });
}
