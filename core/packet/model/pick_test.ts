/** The affinity table of the design, and section 4 of docs/dataplane.md, line by line. */
import assert from "node:assert/strict";
import { RING_SIZE, SLOT_UNSTABLE } from "../../ring/constants.ts";
import type { VipConfig } from "../../state/types.ts";
import { TcpFlag } from "../protocol.ts";
import {
  counted,
  fromRouter,
  modelOf,
  NOW,
  real,
  ring,
  source,
  tables as tablesOf,
  TICK,
  vip,
} from "./_test_world.ts";
import type { ModelResult } from "./model.ts";
import type { Settings } from "./settings.ts";
import type { ModelTables } from "./tables.ts";

const CURRENT = 1;
const PREV = 2;
const OTHER = 3;
const SECOND = 1_000_000_000n;
const reals = new Map([
  [CURRENT, real("10.0.0.1")],
  [PREV, real("10.0.0.2")],
  [OTHER, real("10.0.0.3")],
]);

const stable = ring(CURRENT);
const unstable = ring(new Uint16Array(RING_SIZE).fill(CURRENT | SLOT_UNSTABLE), {
  prev: new Uint16Array(RING_SIZE).fill(PREV),
  changedAt: TICK,
});
const unstableWithoutPrev = { ...unstable, prev: new Uint16Array(RING_SIZE) };

interface World extends Partial<ModelTables> {
  readonly settings?: Partial<Settings>;
}

function world(theRing: typeof stable | null, config: Partial<VipConfig> = {}, rest: World = {}) {
  const { settings, ...changed } = rest;
  const vips = [
    vip(0, "10.200.1.1:80/tcp", theRing, config),
    vip(1, "10.200.1.1:80/udp", theRing, config),
  ];
  const given: ModelTables = tablesOf({ vips, reals, ...changed });
  return { model: modelOf(given, settings), given };
}

const CLIENT = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const WEB = { sourcePort: 31337, destinationPort: 80 } as const;

function tcp(flags: number = TcpFlag.ack, sourcePort = 31337): Uint8Array {
  return fromRouter().ipv4(CLIENT).tcp({ ...WEB, sourcePort, flags }).bytes();
}

function udp(): Uint8Array {
  return fromRouter().ipv4(CLIENT).udp(WEB).bytes();
}

function realOf(result: ModelResult): number | null {
  for (const name of result.counters.keys()) {
    const index = /^real (\d+) packets$/.exec(name)?.[1];
    if (index !== undefined) return Number(index);
  }
  return null;
}

function assertPick(result: ModelResult, index: number | null, counters: string): void {
  assert.equal(realOf(result), index);
  assert.equal(counted(result), counters);
}

Deno.test("stable slot: every packet goes to current, nothing is remembered", () => {
  const { model } = world(stable);
  assertPick(model.run(tcp(TcpFlag.syn), NOW), CURRENT, "ring_picks syn_picks");
  assertPick(model.run(tcp(), NOW), CURRENT, "ring_picks");
  assertPick(model.run(udp(), NOW), CURRENT, "ring_picks");
  assert.deepEqual([...model.flows()], []);
});

Deno.test("unstable slot, SYN: current, and remembered", () => {
  const { model } = world(unstable);
  assertPick(model.run(tcp(TcpFlag.syn), NOW), CURRENT, "flow_inserts ring_picks syn_picks");
  assertPick(model.run(tcp(), NOW), CURRENT, "flow_hits");
});

Deno.test("unstable slot, TCP that nobody remembers: prev, and remembered", () => {
  const { model } = world(unstable);
  const counters = "flow_inserts prev_picks ring_picks unknown_picks";
  assertPick(model.run(tcp(), NOW), PREV, counters);
  assertPick(model.run(tcp(), NOW), PREV, "flow_hits");
});

Deno.test("unstable slot without prev: current, and remembered", () => {
  const { model } = world(unstableWithoutPrev);
  assertPick(model.run(tcp(), NOW), CURRENT, "flow_inserts ring_picks unknown_picks");
});

Deno.test("unstable slot, prev down or without an entry: current", () => {
  for (
    const changed of [{ down: [{ vip: 0, real: PREV }] }, {
      reals: new Map([...reals].slice(0, 1)),
    }]
  ) {
    const { model } = world(unstable, {}, changed);
    assertPick(model.run(tcp(), NOW), CURRENT, "flow_inserts ring_picks unknown_picks");
  }
});

Deno.test("unstable slot, UDP that nobody remembers: prev within the grace time, then current", () => {
  const grace = BigInt(1788) << 24n;
  assertPick(world(unstable).model.run(udp(), NOW), PREV, "flow_inserts prev_picks ring_picks");
  const last = (BigInt(TICK) << 24n) + grace;
  assertPick(world(unstable).model.run(udp(), last), PREV, "flow_inserts prev_picks ring_picks");
  const later = last + (1n << 24n);
  assertPick(world(unstable).model.run(udp(), later), CURRENT, "flow_inserts ring_picks");
});

Deno.test("the grace time reaches across a wrap of the tick", () => {
  const wrapped = { ...unstable, changedAt: 0xffffffff };
  const { model } = world(wrapped);
  assertPick(model.run(udp(), 5n << 24n), PREV, "flow_inserts prev_picks ring_picks");
});

Deno.test("an entry whose real is down is passed over and written anew", () => {
  const { model, given } = world(unstable);
  model.run(tcp(), NOW);
  model.replaceTables({ ...given, down: [{ vip: 0, real: PREV }] });
  const counters = "flow_inserts flow_unusable ring_picks unknown_picks";
  assertPick(model.run(tcp(), NOW), CURRENT, counters);
  assertPick(model.run(tcp(), NOW), CURRENT, "flow_hits");
});

Deno.test("udp-migration counts the flows that moved", () => {
  const settings = { udpMigration: true };
  const { model, given } = world(unstable, { flags: ["udp-migration"] }, { settings });
  model.run(udp(), NOW);
  model.replaceTables({ ...given, down: [{ vip: 1, real: PREV }] });
  assertPick(model.run(udp(), NOW), CURRENT, "flow_inserts flow_unusable ring_picks udp_migrated");
});

Deno.test("a real down for one VIP serves another", () => {
  const { model } = world(unstable, {}, { down: [{ vip: 1, real: PREV }] });
  assert.equal(realOf(model.run(tcp(), NOW)), PREV);
  assert.equal(realOf(model.run(udp(), NOW)), CURRENT);
});

Deno.test("a silent UDP flow is forgotten after 30 s, a TCP flow after two hours", () => {
  const { model } = world(unstable);
  model.run(udp(), NOW);
  model.run(tcp(), NOW);
  const idle = NOW + 31n * SECOND;
  assertPick(model.run(udp(), idle), CURRENT, "flow_inserts ring_picks");
  assertPick(model.run(tcp(), idle), PREV, "flow_hits");
  const later = idle + 7201n * SECOND;
  assertPick(model.run(tcp(), later), PREV, "flow_inserts prev_picks ring_picks unknown_picks");
});

Deno.test("a new flow takes over the entry that an older one with its ports left", () => {
  const config = { flags: ["source-routing"] } as const;
  const settings = { sources: true };
  const { model, given } = world(stable, config, {
    sources: [source("192.168.1.0/24", OTHER)],
    settings,
  });
  model.run(tcp(), NOW);
  model.replaceTables({ ...given, sources: [] });
  const counters = "ring_picks source_misses syn_picks";
  model.run(tcp(TcpFlag.syn | TcpFlag.rst), NOW);
  assertPick(model.run(tcp(), NOW), OTHER, "flow_hits");
  assertPick(model.run(tcp(TcpFlag.syn), NOW), CURRENT, counters);
  assertPick(model.run(tcp(), NOW), CURRENT, "flow_hits");
  assertPick(model.run(tcp(TcpFlag.syn, 9), NOW), CURRENT, counters);
  assert.equal([...model.flows()].length, 1, "where there is none, none is made");
});

Deno.test("an entry in use is refreshed, at most once a second", () => {
  const { model } = world(unstable);
  model.run(udp(), NOW);
  const seen = () => [...model.flows()][0]?.lastSeen;
  model.run(udp(), NOW + SECOND);
  assert.equal(seen(), TICK);
  model.run(udp(), NOW + 2n * SECOND);
  assert.equal(seen(), Number((NOW + 2n * SECOND) >> 24n));
});

Deno.test("a RST is forwarded and not remembered", () => {
  const { model } = world(unstable);
  assertPick(model.run(tcp(TcpFlag.rst), NOW), PREV, "prev_picks ring_picks unknown_picks");
  assert.deepEqual([...model.flows()], []);
});

Deno.test("affinity none: the ring alone", () => {
  const { model } = world(unstable, { affinity: "none" });
  assertPick(model.run(tcp(), NOW), CURRENT, "ring_picks");
  assert.deepEqual([...model.flows()], []);
});

Deno.test("affinity always: every flow, also on stable slots", () => {
  const { model, given } = world(stable, { affinity: "always" });
  assertPick(model.run(tcp(TcpFlag.syn), NOW), CURRENT, "flow_inserts ring_picks syn_picks");
  model.replaceTables({
    ...given,
    vips: [vip(0, "10.200.1.1:80/tcp", ring(OTHER), { affinity: "always" })],
  });
  assertPick(model.run(tcp(), NOW), CURRENT, "flow_hits");
  assertPick(model.run(tcp(TcpFlag.syn), NOW), OTHER, "flow_inserts ring_picks syn_picks");
});

Deno.test("source routing: longest prefix first, the ring for the rest", () => {
  const flags = { flags: ["source-routing"] } as const;
  const sources = [
    source("192.168.0.0/16", PREV),
    source("192.168.1.0/24", OTHER),
    source("::/0", PREV),
  ];
  const on = world(stable, flags, { sources, settings: { sources: true } });
  assertPick(on.model.run(tcp(), NOW), OTHER, "flow_inserts source_hits unknown_picks");
  assertPick(on.model.run(tcp(), NOW), OTHER, "flow_hits");
  const elsewhere = world(stable, flags, {
    sources: sources.slice(2),
    settings: { sources: true },
  });
  assertPick(elsewhere.model.run(tcp(), NOW), CURRENT, "ring_picks source_misses unknown_picks");
  assert.deepEqual([...elsewhere.model.flows()], [], "what the ring says needs no entry");
  assertPick(world(stable, flags, { sources }).model.run(tcp(), NOW), CURRENT, "ring_picks");
});

Deno.test("global flows: the second look-up, never for a SYN, never written", () => {
  const key = {
    vip: 0,
    family: 4,
    source: Uint8Array.of(192, 168, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    sourcePort: 31337,
    destinationPort: 80,
    destination: 0,
  } as const;
  const rest = { globalFlows: [{ key, real: OTHER }], settings: { globalFlows: true } };
  const { model, given } = world(stable, { flags: ["global-flows"] }, rest);
  assertPick(model.run(tcp(), NOW), OTHER, "global_hits");
  assertPick(model.run(tcp(TcpFlag.syn), NOW), CURRENT, "ring_picks syn_picks");
  assertPick(model.run(tcp(TcpFlag.ack, 9), NOW), CURRENT, "global_misses ring_picks");
  assert.deepEqual([...model.flows()], []);
  model.replaceTables({ ...given, down: [{ vip: 0, real: OTHER }] });
  assertPick(model.run(tcp(), NOW), CURRENT, "global_misses ring_picks");
});

Deno.test("the rate gate lets so many flows a second in", () => {
  const { model } = world(unstable, {}, { settings: { connRate: 2 } });
  const at = (now: bigint, port: number) =>
    counted(model.run(tcp(TcpFlag.syn, port), now)).split(" ")[0];
  assert.equal(at(NOW, 1), "flow_inserts");
  assert.equal(at(NOW, 2), "flow_inserts");
  assert.equal(at(NOW + SECOND, 3), "flow_gated");
  assert.equal(at(NOW + SECOND + 1n, 4), "flow_inserts");
});

Deno.test("a rate of 0 lets every flow in", () => {
  const { model } = world(unstable, {}, { settings: { connRate: 0 } });
  for (let port = 1; port <= 3; port++) model.run(tcp(TcpFlag.syn, port), NOW);
  assert.equal([...model.flows()].length, 3);
});

Deno.test("no ring, an empty slot, a real without an entry", () => {
  assert.equal(world(null).model.run(tcp(), NOW).reason, "no_real");
  assert.equal(world(ring(0)).model.run(tcp(), NOW).reason, "no_real");
  assert.equal(world(ring(9)).model.run(tcp(), NOW).reason, "real_unset");
});

Deno.test("a VIP's flows are its own", () => {
  const { model } = world(unstable);
  model.run(tcp(), NOW);
  assertPick(model.run(udp(), NOW), PREV, "flow_inserts prev_picks ring_picks");
});

Deno.test("addresses of a prefix have flows of their own", () => {
  const vips = [vip(0, "10.200.1.0/24:80/tcp", unstable)];
  const { model } = world(null, {}, { vips, settings: { cidr: true } });
  const to = (destination: string) =>
    fromRouter().ipv4({ ...CLIENT, destination }).tcp(WEB).bytes();
  assert.match(counted(model.run(to("10.200.1.1"), NOW)), /flow_inserts/);
  assert.match(counted(model.run(to("10.200.1.2"), NOW)), /flow_inserts/);
  assert.equal(counted(model.run(to("10.200.1.1"), NOW)), "flow_hits");
});

Deno.test("entries of dport-hash flows are found again", () => {
  for (const affinity of ["default", "always"] as const) {
    const { model } = world(unstable, { flags: ["dport-hash"], affinity });
    assert.match(counted(model.run(tcp(), NOW)), /flow_inserts/);
    assert.equal(counted(model.run(tcp(), NOW)), "flow_hits");
  }
});

Deno.test("with affinity always, flows that hash alike share an entry: ports left out of it", () => {
  const config = { affinity: "always", flags: ["no-source-port"] } as const;
  const { model } = world(stable, config);
  model.run(tcp(TcpFlag.ack, 1), NOW);
  assert.equal(counted(model.run(tcp(TcpFlag.ack, 2), NOW)), "flow_hits");
  const exceptions = world(unstable, { flags: ["no-source-port"] });
  exceptions.model.run(tcp(TcpFlag.ack, 1), NOW);
  assert.match(counted(exceptions.model.run(tcp(TcpFlag.ack, 2), NOW)), /flow_inserts/);
});

Deno.test("with affinity always, the ports of an any-port VIP share an entry, as katran's", () => {
  const hits = (affinity: "always" | "default") => {
    const vips = [vip(0, "10.200.1.1:0/tcp", unstable, { affinity })];
    const { model } = world(null, {}, { vips });
    const to = (destinationPort: number) =>
      fromRouter().ipv4(CLIENT).tcp({ ...WEB, destinationPort }).bytes();
    model.run(to(80), NOW);
    return counted(model.run(to(443), NOW)) === "flow_hits";
  };
  assert.equal(hits("always"), true);
  assert.equal(hits("default"), false);
});

Deno.test("a small flow table forgets the flow that was seen least recently", () => {
  const { given } = world(unstable);
  const model = modelOf(given, {}, 2);
  for (const port of [1, 2, 1, 3]) model.run(tcp(TcpFlag.ack, port), NOW);
  assert.deepEqual([...model.flows()].map(({ sourcePort }) => sourcePort), [1, 3]);
});
