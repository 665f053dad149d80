/** Rate gates. They count for each CPU alone, and nothing says on which one a packet runs. */
import assert from "node:assert/strict";
import { possibleCpus } from "../../ffi/possible_cpus.ts";
import { rootTest } from "../support/root_test.ts";
import { Client } from "./client.ts";
import { GATES } from "./tables/gates.ts";
import { World } from "./world.ts";

const FLOOD = 200;
/** A window lasts a second; a flood that took longer says nothing. */
const WINDOW_MS = 900;

for (const { name, settings, limit, vip, packet, passed, gated } of GATES) {
  for (const family of [4, 6] as const) {
    rootTest(`gate of ${name}, IPv${family}`, async () => {
      using world = await World.load(settings, { flooded: vip });
      const moved = flood(world, family, packet);
      const through = moved[passed.replace("{v}", `v${family}`)] ?? 0;
      assert.ok(through >= limit, `${through} got through, ${limit} may`);
      assert.ok(through <= limit * possibleCpus(), `${through} got through`);
      assert.equal(through + (moved[gated] ?? 0), FLOOD);
    });
  }

  rootTest(`gate of ${name}: 0 lets everything pass`, async () => {
    const open = Object.fromEntries(Object.keys(settings).map((each) => [each, 0]));
    using world = await World.load(open, { flooded: vip });
    const moved = flood(world, 4, packet);
    assert.equal(moved[passed.replace("{v}", "v4")], FLOOD);
    assert.equal(moved[gated], undefined);
  });
}

rootTest("a gate opens again after a second", async () => {
  const [gate] = GATES;
  assert.ok(gate);
  using world = await World.load(gate.settings, { flooded: gate.vip });
  flood(world, 4, gate.packet);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  assert.ok((flood(world, 4, gate.packet)[gate.passed] ?? 0) >= gate.limit);
});

/** Packets of as many clients in a moment; returns the counters that moved. */
function flood(
  world: World,
  family: 4 | 6,
  packet: (client: Client) => { bytes(): Uint8Array },
): Readonly<Record<string, number>> {
  const frames = Array.from(
    { length: FLOOD },
    (_, index) => packet(new Client(world, family, "flooded", 30000 + index)).bytes(),
  );
  const before = world.run.counters();
  const start = performance.now();
  for (const frame of frames) world.run.runOnly(frame);
  assert.ok(performance.now() - start < WINDOW_MS, "the machine is too busy for this test");
  return world.run.movedSince(before);
}
