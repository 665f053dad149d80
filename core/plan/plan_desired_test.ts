import { deepEqual, equal, notEqual, ok, throws } from "node:assert/strict";
import { FakeDataplane } from "../fake_dataplane.ts";
import { SLOT_REAL_MASK, SLOT_UNSTABLE } from "../ring/mod.ts";
import type { DesiredVip, Ring } from "../state/types.ts";
import { PlanError } from "./plan_error.ts";
import {
  applyOn,
  contentOf,
  flow,
  member,
  planOn,
  realConfig,
  realsOf,
  vip,
  wish,
  writeAll,
} from "./test_support.ts";

const WWW = "198.51.100.1:80";
const MAIL = "198.51.100.2:25";

function balancer(...desired: DesiredVip[]): FakeDataplane {
  const fake = new FakeDataplane();
  applyOn(fake, wish(...desired));
  return fake;
}

function ringOf(fake: FakeDataplane, vip: number): Ring {
  const ring = fake.readRing(vip);
  if (ring === null) throw new Error(`VIP ${vip} has no ring`);
  return ring;
}

Deno.test("planDesired() writes reals first and the VIP table last when adding", () => {
  const plan = planOn(new FakeDataplane(), wish(vip(WWW, ["10.0.0.1"])));
  deepEqual(plan.writes.map(({ op }) => op), [
    "sequence",
    "reset-counters",
    "real-info",
    "real",
    "reset-counters",
    "vip-info",
    "member",
    "ring",
    "vip-table",
    "sequence",
  ]);
  deepEqual(plan.changes.map(({ kind }) => kind), ["vip-added", "real-added"]);
});

Deno.test("planDesired() writes the VIP table first and reals last when removing", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1"]));
  const plan = planOn(fake, wish());
  deepEqual(plan.writes.map(({ op }) => op), [
    "sequence",
    "vip-table",
    "ring",
    "member",
    "vip-info",
    "real-info",
    "sequence",
  ]);
});

Deno.test("planDesired() writes nothing for what runs", () => {
  const desired = [vip(WWW, ["10.0.0.1", member("10.0.0.2", 3, "drained")]), vip(MAIL, [])];
  const plan = planOn(balancer(...desired), wish(...desired.toReversed()));
  deepEqual([plan.writes, plan.changes, plan.rings], [[], [], []]);
});

Deno.test("planDesired() numbers and rings do not depend on the order of the wish", () => {
  const vips = [vip(WWW, ["10.0.0.2", "10.0.0.1"]), vip(MAIL, ["10.0.0.3"])];
  const turned = vips.toReversed().map((vip) => ({ ...vip, members: vip.members.toReversed() }));
  deepEqual(contentOf(balancer(...vips)), contentOf(balancer(...turned)));
});

Deno.test("planDesired() keeps a deleted real for its flows and moves only its slots", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]));
  const before = ringOf(fake, 0);
  const plan = applyOn(fake, wish(vip(WWW, ["10.0.0.1", "10.0.0.2"])));
  const after = ringOf(fake, 0);
  equal(fake.realInfo.get(3)?.retired, true);
  ok(fake.reals.has(3));
  for (const [i, slot] of after.slots.entries()) {
    if (before.slots[i] === 3) deepEqual([slot & SLOT_UNSTABLE, after.prev[i]], [SLOT_UNSTABLE, 3]);
    notEqual(slot & SLOT_REAL_MASK, 3);
  }
  equal(
    plan.rings[0]?.moved,
    before.slots.filter((slot, i) => slot !== ((after.slots[i] ?? 0) & SLOT_REAL_MASK)).length,
  );
});

Deno.test("planDesired() brings a deleted real back under its number", () => {
  const both = wish(vip(WWW, ["10.0.0.1", "10.0.0.2"]));
  const fake = balancer(...both.vips);
  applyOn(fake, wish(vip(WWW, ["10.0.0.1"])));
  applyOn(fake, both);
  deepEqual(fake.realInfo.get(2), { config: realConfig("10.0.0.2"), retired: false });
  equal(fake.realInfo.size, 2);
});

Deno.test("planDesired() leaves no trace of a real that is deleted hard", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1", "10.0.0.2"]));
  applyOn(fake, wish(vip(WWW, ["10.0.0.1"])), { isHard: () => true });
  ok(!realsOf(ringOf(fake, 0)).has(2));
  deepEqual([fake.reals.has(2), fake.realInfo.has(2), fake.down.get(0)?.size], [false, false, 0]);
});

Deno.test("planDesired() keeps a hard deletion in force while flows name the real", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1", "10.0.0.2"]), vip(MAIL, ["10.0.0.2"]));
  fake.flowEntries = [flow(fake, 0, 2)];
  applyOn(fake, wish(vip(WWW, ["10.0.0.1"]), vip(MAIL, ["10.0.0.2"])), { isHard: () => true });
  deepEqual([...fake.down.get(0) ?? []], [2]);
  equal(fake.reals.get(2)?.downSomewhere, true);
  equal(fake.realInfo.get(2)?.retired, false);

  fake.flowEntries = [];
  applyOn(fake, wish(vip(WWW, ["10.0.0.1"]), vip(MAIL, ["10.0.0.2"])));
  deepEqual([...fake.down.get(0) ?? []], []);
  equal(fake.reals.get(2)?.downSomewhere, false);
});

Deno.test("planDesired() ends hard what a killed command began hard", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1", "10.0.0.2"]));
  const desired = wish(vip(WWW, ["10.0.0.1"]));
  const { writes } = planOn(fake, desired, { isHard: () => true });
  writeAll(fake, writes.slice(0, writes.findIndex(({ op }) => op === "down") + 1));
  const [change] = planOn(fake, desired).changes;
  deepEqual(change, { kind: "real-removed", vip: `tcp ${WWW}`, real: "10.0.0.2", hard: true });
});

Deno.test("planDesired() takes a re-added real out of the down map", () => {
  const both = wish(vip(WWW, ["10.0.0.1", "10.0.0.2"]));
  const fake = balancer(...both.vips);
  fake.flowEntries = [flow(fake, 0, 2)];
  applyOn(fake, wish(vip(WWW, ["10.0.0.1"])), { isHard: () => true });
  equal(fake.down.get(0)?.has(2), true);
  applyOn(fake, both);
  equal(fake.down.get(0)?.has(2), false);
  equal(fake.reals.get(2)?.downSomewhere, false);
});

Deno.test("planDesired() drops packets of a VIP whose last real is deleted", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1"]));
  applyOn(fake, wish(vip(WWW, [])));
  equal(fake.readRing(0), null);
  deepEqual([fake.reals.size, fake.realInfo.size, fake.vipTable.length], [0, 0, 1]);
});

Deno.test("planDesired() moves exactly the slots of a real that goes down, and back", () => {
  const reals = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
  const fake = balancer(vip(WWW, reals));
  const before = ringOf(fake, 0).slots;
  const down = wish(vip(WWW, ["10.0.0.1", member("10.0.0.2", 1, "down"), "10.0.0.3"]));
  const plan = applyOn(fake, down);
  equal(plan.rings[0]?.moved, before.filter((slot) => slot === 2).length);
  equal(plan.rings[0]?.moved, plan.rings[0]?.minimum);
  deepEqual([...fake.down.get(0) ?? []], [2]);
  equal(fake.reals.get(2)?.downSomewhere, true);

  applyOn(fake, wish(vip(WWW, ["10.0.0.1", member("10.0.0.2", 1, "up"), "10.0.0.3"])));
  deepEqual(ringOf(fake, 0).slots.map((slot) => slot & SLOT_REAL_MASK), before);
  equal(fake.reals.get(2)?.downSomewhere, false);
});

Deno.test("planDesired() drains without marking the real down", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1", "10.0.0.2"]));
  applyOn(fake, wish(vip(WWW, ["10.0.0.1", member("10.0.0.2", 1, "drained")])));
  ok(ringOf(fake, 0).slots.every((slot) => (slot & SLOT_REAL_MASK) === 1));
  ok(ringOf(fake, 0).prev.includes(2));
  equal(fake.down.get(0)?.size ?? 0, 0);
});

Deno.test("planDesired() leaves the slots of a down real where udp-migration is asked for", () => {
  const udp = { protocol: "udp", flags: ["udp-migration"] } as const;
  const fake = balancer(vip(WWW, ["10.0.0.1", "10.0.0.2"], udp));
  const before = ringOf(fake, 0);
  applyOn(fake, wish(vip(WWW, ["10.0.0.1", member("10.0.0.2", 1, "down")], udp)));
  equal(ringOf(fake, 0), before);
  deepEqual([...fake.down.get(0) ?? []], [2]);
});

Deno.test("planDesired() keeps the state of members that the wish leaves open", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1", member("10.0.0.2", 1, "drained")]));
  const plan = applyOn(fake, wish(vip(WWW, ["10.0.0.1", member("10.0.0.2", 5)])));
  deepEqual(fake.members.get(0)?.get(2), { weight: 5, state: "drained" });
  deepEqual(plan.changes, [{
    kind: "real-changed",
    vip: `tcp ${WWW}`,
    real: "10.0.0.2",
    fields: [{ field: "weight", from: "1", to: "5" }],
  }]);
});

Deno.test("planDesired() rewrites the VIP table for what the data plane sees, not for names", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1"]));
  const ops = (change: Parameters<typeof vip>[2]) =>
    planOn(fake, wish(vip(WWW, ["10.0.0.1"], change))).writes.map(({ op }) => op);
  deepEqual(ops({ name: "www" }), ["sequence", "vip-info", "sequence"]);
  deepEqual(ops({ encap: "gue" }), ["sequence", "vip-info", "vip-table", "sequence"]);
});

Deno.test("planDesired() does not give out the number of a VIP that living flows name", () => {
  const fake = balancer(vip(WWW, ["10.0.0.1"]));
  fake.flowEntries = [flow(fake, 0, 1)];
  applyOn(fake, wish());
  applyOn(fake, wish(vip(MAIL, ["10.0.0.2"])));
  deepEqual([...fake.vipInfo.keys()], [1]);
});

Deno.test("planDesired() reuses the number of a VIP that leaves when no other is free", () => {
  const fake = new FakeDataplane({ capacity: { maxVips: 1, maxReals: 8, maxFlows: 8 } });
  applyOn(fake, wish(vip(WWW, ["10.0.0.1"])));
  applyOn(fake, wish(vip(MAIL, ["10.0.0.2"])));
  deepEqual(fake.vipTable.map(({ index, config }) => [index, config.port]), [[0, 25]]);
  equal(realsOf(ringOf(fake, 0)).has(1), false);
});

const refused: readonly (readonly [string, RegExp, DesiredVip[]])[] = [
  ["a VIP given twice", /tcp 198.51.100.1:80": it is given twice/, [vip(WWW, []), vip(WWW, [])]],
  ["a real given twice", /real "10.0.0.1" of VIP .* given twice/, [
    vip(WWW, ["10.0.0.1", "10.0.0.1"]),
  ]],
  ["a weight out of range", /weight from 0 to 65535, not "65536"/, [
    vip(WWW, [member("10.0.0.1", 65536)]),
  ]],
  ["settings that differ by VIP", /settings differ by VIP/, [
    vip(WWW, ["10.0.0.1"]),
    vip(MAIL, [{ real: realConfig("10.0.0.1", { name: "x" }), weight: 1, state: null }]),
  ]],
  ["a flag of the other protocol", /flag "quic" needs protocol udp/, [
    vip(WWW, [], { flags: ["quic"] }),
  ]],
  ["a feature it was attached without", /attached without "gue"/, [
    vip(WWW, [], { encap: "gue" }),
  ]],
  ["more VIPs than it has room for", /is full/, [
    vip(WWW, []),
    vip(MAIL, []),
    vip("198.51.100.3:1", []),
  ]],
  ["more reals than it has room for", /is full: it holds 0 of 2 reals/, [
    vip(WWW, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
  ]],
];

for (const [name, message, vips] of refused) {
  Deno.test(`planDesired() refuses ${name}`, () => {
    const fake = new FakeDataplane({ capacity: { maxVips: 2, maxReals: 3, maxFlows: 8 } });
    throws(() => planOn(fake, wish(...vips), { features: new Set() }), (error) => {
      ok(error instanceof PlanError);
      return message.test(error.message);
    });
  });
}
