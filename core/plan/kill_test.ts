import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import type { Write } from "../dataplane.ts";
import { FakeDataplane } from "../fake_dataplane.ts";
import type { Desired, DesiredTables, DesiredVip, MemberState } from "../state/types.ts";
import type { PlanOptions } from "./types.ts";
import {
  address,
  applyOn,
  contentOf,
  copyOf,
  flow,
  member,
  missingEntries,
  planOn,
  realConfig,
  upkeepOn,
  vip,
  wish,
  writeAll,
} from "./test_support.ts";

const ENDPOINTS = ["198.51.100.1:80", "198.51.100.1:443", "198.51.100.0/24:any"];
const PREFIXES = [8, 16].map((prefixLength) => ({ address: address("10.0.0.0"), prefixLength }));
const REALS = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "fc00::1"];

const memberArbitrary = fc.record({
  real: fc.constantFrom(...REALS),
  weight: fc.constantFrom(0, 1, 1, 3),
  state: fc.constantFrom<MemberState | null>(null, null, "up", "drained", "down"),
});

const vipArbitrary = fc.record({
  endpoint: fc.constantFrom(...ENDPOINTS),
  affinity: fc.constantFrom("default", "default", "always", "none"),
  members: fc.uniqueArray(memberArbitrary, { selector: ({ real }) => real, maxLength: 3 }),
}).map(({ endpoint, affinity, members }): DesiredVip =>
  vip(endpoint, members.map((m) => member(m.real, m.weight, m.state)), { affinity })
);

const realArbitrary = fc.constantFrom(...REALS).map((text) => realConfig(text));

const tablesArbitrary: fc.Arbitrary<DesiredTables> = fc.record({
  servers: fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 3 }), real: realArbitrary }), {
    selector: ({ id }) => id,
    maxLength: 2,
  }),
  sources: fc.uniqueArray(
    fc.record({ prefix: fc.constantFrom(...PREFIXES), real: realArbitrary }),
    { selector: ({ prefix }) => prefix.prefixLength, maxLength: 2 },
  ),
  destinations: fc.array(
    fc.record({
      address: fc.constant(address("172.31.0.1")),
      action: fc.constantFrom("balance", "pass", "return"),
    }),
    { maxLength: 1 },
  ),
});

const desiredArbitrary: fc.Arbitrary<Desired> = fc.uniqueArray(vipArbitrary, {
  selector: ({ config }) => `${config.address.text}/${config.prefixLength}:${config.port}`,
  maxLength: 2,
}).chain((vips) => tablesArbitrary.map((tables) => ({ ...wish(...vips), tables })));

/** Swaps of several rings one by one: a kill may come between them. */
function apart(writes: readonly Write[]): readonly Write[] {
  return writes.flatMap((write): readonly Write[] =>
    write.op !== "rings"
      ? [write]
      : [...write.rings].map(([vip, ring]) => ({ op: "ring", vip, ring }))
  );
}

/** A few flows on any real of any VIP, alive or not. */
const flowsArbitrary = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), {
  maxLength: 2,
});

const history = fc.record({
  before: fc.array(desiredArbitrary, { minLength: 1, maxLength: 2 }),
  desired: desiredArbitrary,
  flows: flowsArbitrary,
  hard: fc.boolean(),
});

function prepared(
  before: readonly Desired[],
  flows: readonly (readonly [number, number])[],
): FakeDataplane {
  const fake = new FakeDataplane();
  for (const desired of before) applyOn(fake, desired);
  fake.flowEntries = flows.map(([vip, real], i) => flow(fake, vip, real, 1000 + i));
  return fake;
}

Deno.test("planDesired() killed after any write serves packets, and planned again ends the same", () => {
  fc.assert(
    fc.property(history, ({ before, desired, flows, hard }) => {
      const start = prepared(before, flows);
      const options: Partial<PlanOptions> = { isHard: () => hard };
      const writes = apart(planOn(start, desired, options).writes);
      const whole = copyOf(start);
      writeAll(whole, writes);
      equal(planOn(whole, desired, options).writes.length, 0);
      const finished = contentOf(whole);
      for (let made = 0; made < writes.length; made++) {
        const killed = copyOf(start);
        for (const write of writes.slice(0, made)) {
          killed.write(write);
          deepEqual(missingEntries(killed), []);
        }
        const again = planOn(killed, desired, options);
        for (const write of again.writes) {
          killed.write(write);
          deepEqual(missingEntries(killed), []);
        }
        deepEqual(contentOf(killed), finished, `after ${made} of ${writes.length} writes`);
        equal(killed.sequence % 2, 0);
      }
    }),
    { numRuns: 25 },
  );
});

Deno.test("planUpkeep() killed after any write leaves what planning again repairs", () => {
  fc.assert(
    fc.property(history, ({ before, desired, flows }) => {
      const start = prepared(before, []);
      writeAll(start, planOn(start, desired).writes);
      start.flowEntries = flows.map(([vip, real], i) => flow(start, vip, real, 1000 + i));
      start.ticks += 500_000;
      const whole = copyOf(start);
      const writes = apart(upkeepOn(whole).writes);
      equal(upkeepOn(whole).writes.length, 0);
      deepEqual(missingEntries(whole), []);
      for (let made = 1; made < writes.length; made++) {
        const killed = copyOf(start);
        writeAll(killed, writes.slice(0, made));
        applyOn(killed, desired);
        deepEqual(missingEntries(killed), []);
        deepEqual(contentOf(killed), contentOf(whole));
      }
    }),
    { numRuns: 15 },
  );
});
