import { deepEqual, equal } from "node:assert/strict";
import { FakeDataplane } from "../fake_dataplane.ts";
import type { Sample } from "../metrics/types.ts";
import type { Desired } from "../state/types.ts";
import { breaksFlows, type Impact, planImpact } from "./impact.ts";
import { planOptions } from "./plan_options.ts";
import { applyOn, flow, member, planOn, vip, wish } from "./test_support.ts";
import type { PlanOptions } from "./types.ts";

const VIP = "198.51.100.1:80";

/** Counters after some seconds at 1000 packets and 10 new flows a second, shared by three reals. */
function sample(seconds: number, idle: readonly number[] = []): Sample {
  const packets = BigInt(seconds * 1000);
  const real = (index: number) => ({
    packets: idle.includes(index) ? 0n : packets / 4n,
    bytes: 0n,
  });
  return {
    at: BigInt(seconds * 1e9),
    vips: new Map([[0, { packets, bytes: 0n, newFlows: packets / 100n, serverIdMismatch: 0n }]]),
    reals: new Map([1, 2, 3].map((index) => [index, real(index)])),
    counters: new Map(),
    drops: new Map(),
    cpus: [],
  };
}

function impactOf(
  fake: FakeDataplane,
  desired: Desired,
  change: Partial<PlanOptions> = {},
  idle: readonly number[] = [],
): Impact {
  const plan = planOn(fake, desired, change);
  return planImpact(plan, {
    state: fake.readState(),
    rings: (vip) => fake.readRing(vip),
    samples: [sample(10, idle), sample(12, idle)],
    options: planOptions(fake),
  });
}

function three(): FakeDataplane {
  const fake = new FakeDataplane();
  applyOn(fake, wish(vip(VIP, ["10.0.0.1", "10.0.0.2", "10.0.0.3"])));
  return fake;
}

Deno.test("a soft change breaks nothing, and says what moves", () => {
  const fake = three();
  fake.flowEntries = [flow(fake, 0, 3, 1), flow(fake, 0, 3, 2), flow(fake, 0, 1, 3)];
  const impact = impactOf(fake, wish(vip(VIP, ["10.0.0.1", "10.0.0.2"])));
  const [touched] = impact.vips;
  equal(impact.seconds, 2);
  equal(impact.memory, 0);
  equal(touched?.vip, `tcp ${VIP}`);
  deepEqual(touched?.breaks, { reals: [], packets: 0, flows: 0 });
  // All of real 3's quarter, and the few slots that Maglev shuffles between the others.
  equal(Math.floor((touched?.packets ?? 0) / 50), 5);
  equal(Math.round(touched?.newFlows ?? 0), Math.round(10 * (touched?.moved ?? 0) / 65537));
  equal(breaksFlows(impact), false);
});

Deno.test("a hard change breaks the flows of the real that goes", () => {
  const fake = three();
  fake.flowEntries = [flow(fake, 0, 3, 1), { ...flow(fake, 0, 3, 2), lastSeen: 1 }];
  const impact = impactOf(fake, wish(vip(VIP, ["10.0.0.1", "10.0.0.2"])), { isHard: () => true });
  deepEqual(impact.vips[0]?.breaks, { reals: ["10.0.0.3"], packets: 250, flows: 1 });
  equal(breaksFlows(impact), true);
});

Deno.test("a real that goes down breaks its flows, one that drains none", () => {
  const fake = three();
  const states = (state: "down" | "drained") =>
    wish(vip(VIP, ["10.0.0.1", "10.0.0.2", member("10.0.0.3", 1, state)]));
  deepEqual(impactOf(fake, states("down")).vips[0]?.breaks.reals, ["10.0.0.3"]);
  deepEqual(impactOf(fake, states("drained")).vips[0]?.breaks.reals, []);
  applyOn(fake, states("down"));
  deepEqual(impactOf(fake, states("down")).vips, []);
});

Deno.test("a real that never got a packet has no flow to break", () => {
  const impact = impactOf(three(), wish(vip(VIP, ["10.0.0.1", "10.0.0.2"])), {
    isHard: () => true,
  }, [3]);
  deepEqual(impact.vips[0]?.breaks.reals, []);
});

Deno.test("a VIP that remembers nothing breaks the flows of slots that move", () => {
  const fake = new FakeDataplane();
  const without = { affinity: "none" } as const;
  applyOn(fake, wish(vip(VIP, ["10.0.0.1", "10.0.0.2", "10.0.0.3"], without)));
  const [touched] = impactOf(fake, wish(vip(VIP, ["10.0.0.1", "10.0.0.2"], without))).vips;
  equal(touched?.breaks.reals.includes("10.0.0.3"), true);
  equal(touched?.breaks.packets, touched?.packets);
});

Deno.test("a VIP that goes breaks all its flows and gives its ring back", () => {
  const impact = impactOf(three(), wish());
  deepEqual(impact.vips[0]?.breaks.reals, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  equal(impact.vips[0]?.moved, 65537);
  equal(impact.memory, -262160);
});

Deno.test("flags that choose the real anew break all flows; a name breaks none", () => {
  const fake = three();
  const reals = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
  const anew = impactOf(fake, wish(vip(VIP, reals, { flags: ["dport-hash"] })));
  equal(anew.vips[0]?.breaks.packets, 750);
  deepEqual(impactOf(fake, wish(vip(VIP, reals, { name: "www" }))).vips, []);
});

Deno.test("a new VIP costs a ring and touches nobody", () => {
  const fake = three();
  const reals = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
  const impact = impactOf(fake, wish(vip(VIP, reals), vip("198.51.100.2:80", reals)));
  deepEqual(impact.vips, []);
  equal(impact.memory, 262160);
});
