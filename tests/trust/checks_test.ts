import { deepEqual } from "node:assert/strict";
import { rootTest } from "../support/root_test.ts";
import { CHECKS } from "./checks.ts";
import { leftovers } from "./leftovers.ts";

for (const { name, run } of CHECKS) {
  rootTest(`trust, shortened: ${name}`, async () => {
    const { descriptors: _, ...before } = leftovers();
    await run(false);
    const { descriptors: __, ...after } = leftovers();
    deepEqual(after, before);
  });
}
