import type { FrameTemplate } from "../../core/bench/types.ts";
import type { BpfMap } from "../bpf_map.ts";
import { BpfObject } from "../bpf_object.ts";
import type { BpfProgram } from "../bpf_program.ts";
import { decode, encode } from "../codec.ts";
import { indexKey } from "../struct_map.ts";
import * as abi from "./bench.gen.ts";
import { threadTimeNs } from "./thread_time.ts";

/** Packets of flows, for one program. */
export interface Traffic {
  /** By the low bits of the flow's number; a power of two of them. */
  readonly frames: readonly FrameTemplate[];
  /** A power of two. */
  readonly flows: number;
  /** Number of the first flow. */
  readonly first?: number;
  readonly order: "random" | "ascending";
}

/** What a run was like. */
export interface DriverRun {
  /** CPU time of a packet, that of the driver included, ns. */
  readonly ns: number;
  /** What the last packet's program returned. */
  readonly verdict: number;
  /** The last packet as the program left it. */
  readonly frame: Uint8Array;
}

const ONLY = indexKey(0);

/** The program that writes packet after packet for a program under test, and calls it. */
export class BenchDriver implements Disposable {
  readonly #open: DisposableStack;
  readonly #drive: BpfProgram;
  readonly #audit: BpfProgram;
  readonly #empty: BpfProgram;
  readonly #templates: BpfMap;
  readonly #targets: BpfMap;
  readonly #state: BpfMap;
  readonly #seen: BpfMap;
  /** What the templates map holds, so that it is written only when it changes. */
  #frames: readonly FrameTemplate[] = [];
  #target: BpfProgram | null = null;
  #runs = 0;

  /**
   * @param object The ELF file, dist/bpf/bench.bpf.o.
   * @throws {DataplaneError} When the kernel refuses.
   */
  constructor(object: Uint8Array) {
    using open = new DisposableStack();
    const loaded = open.use(BpfObject.open("bench", object));
    loaded.load();
    this.#drive = open.use(loaded.program("bench_drive"));
    this.#audit = open.use(loaded.program("bench_audit"));
    this.#empty = open.use(loaded.program("null_tx"));
    this.#templates = open.use(loaded.map("templates"));
    this.#targets = open.use(loaded.map("targets"));
    this.#state = open.use(loaded.map(".data.bench"));
    this.#seen = open.use(loaded.map("seen"));
    this.#open = open.move();
  }

  /** A program that sends every packet back as it is. */
  get empty(): BpfProgram {
    return this.#empty;
  }

  /**
   * Sends packets through a program.
   *
   * @param target The program.
   * @param traffic What packets.
   * @param packets How many.
   * @returns How long one took.
   * @throws {Error} When a packet did not reach the program.
   */
  run(target: BpfProgram, traffic: Traffic, packets: number): DriverRun {
    return this.#run(this.#drive, target, traffic, packets);
  }

  /**
   * Sends one packet of each flow through a program, and tells where it went.
   *
   * @param target A program that sends packets on in a tunnel over IPv4.
   * @param traffic What flows, at most 2^20.
   * @returns Outer destinations by flow, as they lie in the packet.
   */
  audit(target: BpfProgram, traffic: Omit<Traffic, "order">): Uint32Array {
    // A flow's place in the map is written when the next packet comes.
    this.#run(this.#audit, target, { ...traffic, order: "ascending" }, traffic.flows + 1);
    const seen = new Uint32Array(traffic.flows);
    for (const [key, value] of this.#seen.entries()) {
      const flow = new Uint32Array(key.slice().buffer)[0] ?? 0;
      if (flow < seen.length) seen[flow] = new Uint32Array(value.slice().buffer)[0] ?? 0;
    }
    return seen;
  }

  #run(program: BpfProgram, target: BpfProgram, traffic: Traffic, packets: number): DriverRun {
    const first = traffic.frames[0];
    if (first === undefined) throw new RangeError("Cannot send packets without a frame");
    this.#aim(target);
    this.#load(traffic.frames);
    this.#writeState(traffic);
    const before = threadTimeNs();
    const { verdict, data } = program.testRun({ data: first.bytes, repeat: packets });
    const ns = (threadTimeNs() - before) / packets;
    const { failed } = decode(abi.BenchState, this.#state.lookup(ONLY) ?? new Uint8Array());
    if (failed !== 0) throw new Error(`Cannot drive packets: "${failed}" of "${packets}" failed`);
    return { ns, verdict, frame: data };
  }

  #aim(target: BpfProgram): void {
    if (target === this.#target) return;
    this.#targets.update(ONLY, indexKey(target.fd));
    this.#target = target;
  }

  #load(frames: readonly FrameTemplate[]): void {
    if (frames === this.#frames) return;
    frames.forEach(({ bytes, client, port }, index) => {
      const head = bytes.slice(0, abi.BENCH_HEAD);
      const template = encode(abi.BenchTemplate, { head, length: bytes.length, client, port });
      this.#templates.update(indexKey(index), template);
    });
    this.#frames = frames;
  }

  /** Each run meets random flows at another place of the generator's sequence. */
  #writeState({ frames, flows, first = 0, order }: Traffic): void {
    this.#state.update(
      ONLY,
      encode(abi.BenchState, {
        templates: frames.length - 1,
        flows: flows - 1,
        first,
        ascending: order === "ascending" ? 1 : 0,
        random: Math.imul(++this.#runs, 0x9e3779b9) >>> 0,
        packets: 0,
        failed: 0,
        flow: 0,
        start: 0n,
        now: 0n,
      }),
    );
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}
