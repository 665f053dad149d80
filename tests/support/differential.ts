import { explainDifference } from "../../core/packet/diff.ts";
import { toHex } from "../../core/packet/bytes.ts";
import {
  generateFrame,
  generateScenario,
  Random,
  type Scenario,
} from "../../core/packet/generate.ts";
import { Model, type ModelResult } from "../../core/packet/model/model.ts";
import type { Settings } from "../../core/packet/model/settings.ts";
import { DecapFlag, EchoMode } from "../../ffi/abi.gen.ts";
import { monotonicNs, ticksOf } from "../../ffi/clock.ts";
import type { BalancerSettings } from "../../ffi/default_settings.ts";
import { type PacketResult, PacketRun } from "./packet_run.ts";
import { pinned } from "./pinned.ts";

/** How long a differential run is. */
export interface DifferentialOptions {
  /** 32 bits; a seed repeats a run. */
  readonly seed: number;
  readonly packets: number;
  /** Packets of one random set-up; each set-up loads the program anew. */
  readonly perScenario: number;
  /** Told about each finished set-up. */
  readonly progress?: (packets: number) => void;
}

/** Where the program and the model disagree. */
export interface Difference {
  /** Repeats the set-up and its packets. */
  readonly scenarioSeed: number;
  /** Number of the packet within the set-up; -1: the sums of the counters differ. */
  readonly packet: number;
  readonly frame: string;
  readonly text: string;
}

/** The kernel takes no frame below 14 bytes and none above a page. */
const MIN_FRAME = 14;
const MAX_FRAME = 3400;
/** Rate gates count seconds; a set-up that took longer says nothing. */
const MAX_SCENARIO_NS = 800_000_000n;
const ECHO: Readonly<Record<Settings["echo"], number>> = {
  off: EchoMode.ECHO_OFF,
  vip: EchoMode.ECHO_VIP,
  any: EchoMode.ECHO_ANY,
};
const DECAP = { balance: 0, pass: DecapFlag.DECAP_PASS, return: DecapFlag.DECAP_RETURN } as const;

/**
 * Runs random packets through the loaded program and the model, with random settings and tables.
 *
 * @param options Seed and size.
 * @returns The first differences, at most one a set-up.
 */
export async function runDifferential(
  options: DifferentialOptions,
): Promise<readonly Difference[]> {
  const random = new Random(options.seed);
  const differences: Difference[] = [];
  for (let done = 0; done < options.packets; done += options.perScenario) {
    const count = Math.min(options.perScenario, options.packets - done);
    const scenarioSeed = random.u32();
    const difference = await pinned(() => runScenario(scenarioSeed, count));
    if (difference !== null) differences.push(difference);
    options.progress?.(done + count);
  }
  return differences;
}

/**
 * One random set-up and its packets.
 *
 * @param seed Of the set-up.
 * @param count Packets.
 * @returns The first difference in verdict or frame, else in the counters, or null.
 */
export async function runScenario(seed: number, count: number): Promise<Difference | null> {
  const random = new Random(seed);
  const scenario = generateScenario(random, ticksOf(monotonicNs()));
  const frames = generateFrames(random, scenario, count);
  using kernel = await load(scenario);
  const before = kernel.counters();
  const start = monotonicNs();
  const results = frames.map((frame) => kernel.runOnly(frame));
  if (monotonicNs() - start > MAX_SCENARIO_NS) return await runScenario(seed, count >> 1);
  const model = new Model(scenario.settings, scenario.host, scenario.tables);
  const sums = new Map<string, number>();
  for (const [index, frame] of frames.entries()) {
    const expected = model.run(frame, start);
    for (const [name, amount] of expected.counters) {
      sums.set(name, (sums.get(name) ?? 0) + amount);
    }
    const text = compare(expected, results[index]);
    if (text !== null) return { scenarioSeed: seed, packet: index, frame: toHex(frame), text };
  }
  const text = compareSums(sums, kernel.movedSince(before));
  return text === null ? null : { scenarioSeed: seed, packet: -1, frame: "", text };
}

function generateFrames(random: Random, scenario: Scenario, count: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  while (frames.length < count) {
    const frame = generateFrame(random, scenario);
    if (frame.length >= MIN_FRAME && frame.length <= MAX_FRAME) frames.push(frame);
  }
  return frames;
}

function compare(
  expected: ModelResult,
  actual: Omit<PacketResult, "counters"> | undefined,
): string | null {
  if (actual === undefined) return "not run";
  if (expected.verdict !== actual.verdict) {
    return `expected ${expected.verdict} (${expected.reason}), got ${actual.verdict}`;
  }
  // Nobody sees what a dropped packet has become.
  if (expected.verdict === "dropped") return null;
  const same = expected.frame.length === actual.frame.length &&
    expected.frame.every((byte, at) => byte === actual.frame[at]);
  return same ? null : explainDifference(expected.frame, actual.frame);
}

function compareSums(
  expected: ReadonlyMap<string, number>,
  actual: Readonly<Record<string, number>>,
): string | null {
  const names = new Set([...expected.keys(), ...Object.keys(actual)]);
  const lines = [...names].filter((name) => (expected.get(name) ?? 0) !== (actual[name] ?? 0))
    .map((name) => `${name}: expected ${expected.get(name) ?? 0}, got ${actual[name] ?? 0}`);
  return lines.length === 0 ? null : lines.join("\n");
}

/** Loads the program with the settings of a set-up and fills its maps. */
async function load({ settings, host, tables }: Scenario): Promise<PacketRun> {
  using stack = new DisposableStack();
  const run = stack.use(
    await PacketRun.load({
      settings: kernelSettings(settings),
      host: {
        gateway_mac: host.gatewayMac,
        gue_source_v4: host.gueSourceV4,
        gue_source_v6: host.gueSourceV6,
      },
      capacity: { maxFlows: 65536 },
    }),
  );
  const { dataplane } = run;
  const { maps } = dataplane;
  const downSomewhere = new Set(tables.down.map(({ real }) => real));
  for (const [index, config] of tables.reals) {
    dataplane.write({ op: "real-info", index, config, retired: false });
    dataplane.write({ op: "real", index, config, downSomewhere: downSomewhere.has(index) });
  }
  for (const { vip, real } of tables.down) dataplane.write({ op: "down", vip, real, down: true });
  for (const { index, config, ring } of tables.vips) {
    dataplane.write({ op: "vip-info", vip: index, config });
    if (ring !== null) dataplane.write({ op: "ring", vip: index, ring });
  }
  dataplane.write({ op: "vip-table", vips: tables.vips });
  for (const [id, real] of tables.serverIds) maps.serverIds.set(id, real);
  for (const source of tables.sources) maps.sources.set(source, source.real);
  for (const { address, inner } of tables.decapDestinations) {
    maps.decapDestinations.set(address, DECAP[inner]);
  }
  for (const { key, real } of tables.globalFlows) {
    maps.globalFlows.set({
      src: key.source,
      sport: key.sourcePort,
      dport: key.destinationPort,
      vip: key.vip,
      dst: key.destination,
    }, { last_seen: 0, real });
  }
  stack.move();
  return run;
}

function kernelSettings(settings: Settings): Partial<BalancerSettings> {
  const on = (value: boolean) => value ? 1 : 0;
  const ipipSourceV4 = new Uint8Array(4);
  ipipSourceV4.set(settings.ipipSourceV4);
  return {
    conn_rate: settings.connRate,
    too_big_rate: settings.tooBigRate,
    udp_idle: settings.udpIdle,
    udp_grace: settings.udpGrace,
    ipip_source_v4: ipipSourceV4,
    ipip_source_v6: settings.ipipSourceV6,
    gue_port: settings.guePort,
    max_frame: settings.maxFrame,
    path_mtu: settings.pathMtu,
    ttl: settings.ttl,
    echo: ECHO[settings.echo],
    too_big: on(settings.tooBig),
    cidr: on(settings.cidr),
    gue: on(settings.gue),
    quic: on(settings.quic),
    tcp_server_id: on(settings.tcpServerId),
    udp_stable: on(settings.udpStable),
    udp_migration: on(settings.udpMigration),
    sources: on(settings.sources),
    local: on(settings.local),
    global_flows: on(settings.globalFlows),
    decap_ipip: on(settings.decapIpip),
    decap_gue: on(settings.decapGue),
    decap_any: on(settings.decapAny),
    compat_katran: on(settings.compatKatran),
    quic_lb_id_length: Uint8Array.from(settings.quicLbIdLength),
  };
}
