import assert from "node:assert/strict";
import { generateFrame, generateScenario, Random } from "./generate.ts";
import { equalBytes } from "./bytes.ts";
import { decode } from "./decode.ts";
import { Model, type ModelResult } from "./model/model.ts";

const NOW = 100_000_000_000_000n;
const TICK = Number(BigInt.asUintN(32, NOW >> 24n));
const SEEDS = Array.from({ length: 50 }, (_, seed) => seed);
const FRAMES = 300;

function* runs(
  seed: number,
): Generator<{ readonly frame: Uint8Array; readonly result: ModelResult }> {
  const random = new Random(seed);
  const { settings, host, tables } = generateScenario(random, TICK);
  const model = new Model(settings, host, tables);
  for (let count = 0; count < FRAMES; count++) {
    const frame = generateFrame(random, { settings, host, tables });
    yield { frame, result: model.run(frame, NOW + BigInt(count)) };
  }
}

Deno.test("a seed gives the same packets and the same fates", () => {
  const first = [...runs(7)];
  for (const [index, { frame, result }] of [...runs(7)].entries()) {
    assert.ok(equalBytes(frame, first[index]?.frame ?? new Uint8Array()));
    assert.deepEqual(result, first[index]?.result);
  }
});

Deno.test("every packet ends in one way, counted once with its bytes", () => {
  for (const seed of SEEDS) {
    for (const { frame, result: { verdict, reason, counters } } of runs(seed)) {
      const ends = ["sent", "passed", "dropped"].filter((end) => counters.has(`${end}.packets`));
      assert.deepEqual(ends, [verdict], `seed ${seed}`);
      assert.equal(counters.get(`${verdict}.bytes`) ?? 0, frame.length);
      const drops = [...counters.keys()].filter((name) => name.startsWith("drops."));
      assert.deepEqual(drops, reason === null ? [] : [`drops.${reason}`]);
    }
  }
});

/** What packets cannot bring about: the model has no failing kernel. */
const NEVER = /encap_failed|flow_crowded|events_lost/;

Deno.test("the packets reach every counter and every drop reason", async () => {
  const abi = await Deno.readTextFile(new URL("../../bpf/abi.h", import.meta.url));
  const counters = /struct counters \{(.*?)\n\};/s.exec(abi)?.[1] ?? "";
  const scalars = [...counters.matchAll(/__u64 (\w+);/g)].map(([, name]) => `${name}`);
  const reasons = [...abi.matchAll(/^\tDROP_(\w+),/gm)].map(([, name]) => `${name}`.toLowerCase())
    .filter((name) => name !== "none" && name !== "reasons").map((name) => `drops.${name}`);
  const wanted = [...scalars, ...reasons].filter((name) => !NEVER.test(name));
  assert.ok(wanted.length > 60, `${wanted.length} names`);

  const reached = new Set<string>();
  for (const seed of SEEDS) {
    for (const { result } of runs(seed)) {
      for (const name of result.counters.keys()) reached.add(name);
    }
  }
  assert.deepEqual(wanted.filter((name) => !reached.has(name)), []);
});

Deno.test("what the model sends is right in its outermost headers", () => {
  for (const seed of SEEDS) {
    for (const { result } of runs(seed)) {
      if (result.verdict !== "sent" || result.counters.has("echo_v4")) continue;
      if ([...result.counters.keys()].some((name) => name.startsWith("decap_returned"))) continue;
      const outer = decode(result.frame).find(({ name }) => name === "ipv4" || name === "ipv6");
      assert.notEqual(outer, undefined);
      assert.doesNotMatch(outer?.fields.get("checksum") ?? "", /wrong/, `seed ${seed}`);
    }
  }
});
