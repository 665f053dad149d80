/** The loaded program against its model in core/packet: random settings, tables and packets. */
import assert from "node:assert/strict";
import { runDifferential } from "../support/differential.ts";
import { rootTest } from "../support/root_test.ts";

const PACKETS = 100_000;

rootTest(`${PACKETS} random packets: program and model agree`, async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const differences = await runDifferential({ seed, packets: PACKETS, perScenario: 2500 });
  assert.deepEqual(differences, [], `seed ${seed}`);
});
