import { deepEqual, equal, ok } from "node:assert/strict";
import { FakeDataplane } from "../fake_dataplane.ts";
import { SLOT_REAL_MASK, SLOT_UNSTABLE } from "../ring/mod.ts";
import { planOptions } from "./plan_options.ts";
import { flowSlots } from "./flow_slots.ts";
import { applyOn, flow, planOn, upkeepOn, vip, vipConfig, wish, writeAll } from "./test_support.ts";

const WWW = "198.51.100.1:80";

/** Two reals, of which the second was deleted while flows may be on it. */
function shrunk(protocol: "tcp" | "udp" = "tcp"): FakeDataplane {
  const fake = new FakeDataplane();
  applyOn(fake, wish(vip(WWW, ["10.0.0.1", "10.0.0.2"], { protocol })));
  applyOn(fake, wish(vip(WWW, ["10.0.0.1"], { protocol })));
  return fake;
}

function unstableSlots(fake: FakeDataplane): number {
  return fake.readRing(0)?.slots.filter((slot) => (slot & SLOT_UNSTABLE) !== 0).length ?? 0;
}

Deno.test("planUpkeep() does nothing before the idle time is over", () => {
  const fake = shrunk();
  fake.ticks += planOptions(fake).idle.tcp;
  deepEqual(upkeepOn(fake).writes, []);
  ok(unstableSlots(fake) > 0);
});

Deno.test("planUpkeep() settles the ring and frees the real after the idle time", () => {
  const fake = shrunk();
  fake.ticks += planOptions(fake).idle.tcp + 1;
  const { settled, freed } = upkeepOn(fake);
  deepEqual([settled, freed], [[`tcp ${WWW}`], ["10.0.0.2"]]);
  equal(unstableSlots(fake), 0);
  deepEqual([fake.reals.has(2), fake.realInfo.has(2)], [false, false]);
  deepEqual(upkeepOn(fake).writes, []);
});

Deno.test("planUpkeep() settles UDP after its own idle time", () => {
  const fake = shrunk("udp");
  fake.ticks += planOptions(fake).idle.udp + 1;
  deepEqual(upkeepOn(fake).freed, ["10.0.0.2"]);
});

Deno.test("planUpkeep() leaves the slot of a living flow that disagrees, and its real", () => {
  const fake = shrunk();
  fake.ticks += planOptions(fake).idle.tcp + 1;
  const [slot, port] = unstableFlow(fake);
  fake.flowEntries = [flow(fake, 0, 2, port)];
  deepEqual(upkeepOn(fake).freed, []);
  equal(unstableSlots(fake), 1);
  equal((fake.readRing(0)?.slots[slot] ?? 0) & SLOT_UNSTABLE, SLOT_UNSTABLE);
  equal(fake.realInfo.get(2)?.retired, true);

  fake.ticks += planOptions(fake).idle.tcp + 1;
  deepEqual(upkeepOn(fake).freed, ["10.0.0.2"]);
  equal(unstableSlots(fake), 0);
});

/** A slot that the deleted real had, and a source port whose flows hash to it. */
function unstableFlow(fake: FakeDataplane): readonly [number, number] {
  const ring = fake.readRing(0);
  for (let port = 1; port < 65536; port++) {
    const slot = flowSlots(vipConfig(WWW), flow(fake, 0, 2, port))[0] ?? 0;
    if (ring?.prev[slot] === 2) return [slot, port];
  }
  throw new Error("No port hashes to a slot of real 2");
}

Deno.test("planUpkeep() frees at once what nothing names", () => {
  const fake = new FakeDataplane();
  writeAll(fake, planOn(fake, wish(vip(WWW, ["10.0.0.1"]))).writes);
  writeAll(fake, planOn(fake, wish()).writes);
  deepEqual(upkeepOn(fake).freed, ["10.0.0.1"]);
  equal(fake.reals.size + fake.realInfo.size, 0);
});

Deno.test("planUpkeep() keeps off a balancer whose last command was killed", () => {
  const fake = shrunk();
  fake.ticks += planOptions(fake).idle.tcp + 1;
  fake.sequence++;
  deepEqual(upkeepOn(fake).writes, []);
});

Deno.test("flowSlots() hashes what the data plane hashes", () => {
  const fake = new FakeDataplane();
  const entry = flow(fake, 0, 1);
  const slots = (endpoint: string, flags: Parameters<typeof vipConfig>[1]) =>
    flowSlots(vipConfig(endpoint, flags), entry);
  const own = slots(WWW, {});
  equal(own.length, 1);
  ok((own[0] ?? 0) <= SLOT_REAL_MASK * 2 + 2);
  // Another source port, another slot; without the source port the same.
  const other = { ...entry, sourcePort: 2000 };
  const bare = vipConfig(WWW, { flags: ["no-source-port"] });
  ok(flowSlots(vipConfig(WWW), other)[0] !== own[0]);
  deepEqual(flowSlots(bare, other), flowSlots(bare, entry));
  deepEqual(slots("198.51.100.1:any", {}), slots("198.51.100.0/24:80", {}).slice(1));
  deepEqual(slots("198.51.100.1:any", { flags: ["hash-src-dst-port"] }), own);
  const dport = vipConfig(WWW, { flags: ["dport-hash"] });
  deepEqual(flowSlots(dport, { ...other, source: new Uint8Array(16) }), flowSlots(dport, entry));
});
