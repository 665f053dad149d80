import type { FlowEntry } from "../../state/types.ts";
import { classify } from "./classify.ts";
import { Counters, type Verdict } from "./counters.ts";
import { decapsulate } from "./decap.ts";
import { type Decision, type DropReason, isDecision, PASS } from "./decision.ts";
import { FlowTable } from "./flow_table.ts";
import { forward } from "./forward.ts";
import { parse } from "./parse.ts";
import { pickReal } from "./pick.ts";
import { RateGate } from "./rate_gate.ts";
import type { Run } from "./run.ts";
import type { Host, Settings } from "./settings.ts";
import { type ModelTables, Tables } from "./tables.ts";
import { findVip } from "./vip.ts";

const NS_PER_TICK_SHIFT = 24n;

/** What became of a packet. */
export interface ModelResult {
  readonly verdict: Verdict;
  /** The frame as it leaves: transmitted, or handed to the host. As received if dropped. */
  readonly frame: Uint8Array;
  /** null unless dropped. */
  readonly reason: DropReason | null;
  /** What the packet added to each counter it changed (`Counters`). */
  readonly counters: ReadonlyMap<string, number>;
}

/**
 * The data plane as docs/dataplane.md describes it, one function a section, for comparison with
 * bpf/lb.bpf.c. It keeps what a balancer keeps between packets: flow table and rate gates.
 */
export class Model {
  readonly #settings: Settings;
  readonly #host: Host;
  readonly #flows: FlowTable;
  readonly #connGate: RateGate;
  readonly #tooBigGate: RateGate;
  #tables: Tables;

  /** @param maxFlows Size of the flow table; without it no flow is ever pushed out. */
  constructor(settings: Settings, host: Host, tables: ModelTables, maxFlows?: number) {
    this.#settings = settings;
    this.#host = host;
    this.#tables = new Tables(settings, tables);
    this.#flows = new FlowTable(maxFlows);
    this.#connGate = new RateGate(settings.connRate);
    this.#tooBigGate = new RateGate(settings.tooBigRate);
  }

  /** Replaces what the maps hold; flows and rates stay. */
  replaceTables(tables: ModelTables): void {
    this.#tables = new Tables(this.#settings, tables);
  }

  /** Entries of the flow table, least recently used first. */
  flows(): Iterable<FlowEntry> {
    return this.#flows.entries();
  }

  /**
   * Processes one received frame.
   *
   * @param now CLOCK_MONOTONIC, ns.
   */
  run(frame: Uint8Array, now: bigint): ModelResult {
    const counters = new Counters();
    const run: Run = {
      settings: this.#settings,
      host: this.#host,
      tables: this.#tables,
      flows: this.#flows,
      connGate: this.#connGate,
      tooBigGate: this.#tooBigGate,
      counters,
      now,
      tick: Number(BigInt.asUintN(32, now >> NS_PER_TICK_SHIFT)),
    };
    let inner = frame;
    let decision = decide(run, inner, 0);
    for (let rounds = 1; decision.action === "again"; rounds++) {
      inner = decision.frame;
      decision = decide(run, inner, rounds);
    }
    const result = act(decision, frame, inner);
    counters.countEnd(result.verdict, frame.length, result.reason);
    return { ...result, counters: counters.changed };
  }
}

/** The path of a packet; `rounds` tunnels were already taken off it. */
function decide(run: Run, frame: Uint8Array, rounds: number): Decision {
  const packet = parse(run, frame);
  if (isDecision(packet)) return packet;
  const decapsulated = decapsulate(run, packet, rounds);
  if (decapsulated !== null) return decapsulated;
  const flow = classify(run, packet);
  if (isDecision(flow)) return flow;
  const match = findVip(run, packet, flow);
  if (match === null) return PASS;
  const pick = pickReal(run, packet, flow, match);
  if (isDecision(pick)) return pick;
  return forward(run, packet, flow, match, pick);
}

function act(
  decision: Exclude<Decision, { action: "again" }>,
  received: Uint8Array,
  inner: Uint8Array,
): Omit<ModelResult, "counters"> {
  switch (decision.action) {
    case "send":
      return { verdict: "sent", frame: decision.frame, reason: null };
    case "pass-inner":
      return { verdict: "passed", frame: decision.frame, reason: null };
    case "pass":
      return { verdict: "passed", frame: inner, reason: null };
    case "drop":
      return { verdict: "dropped", frame: received, reason: decision.reason };
  }
}
