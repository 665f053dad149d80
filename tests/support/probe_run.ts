import { ProbeCounters } from "../../ffi/abi.gen.ts";
import type { BpfMap } from "../../ffi/bpf_map.ts";
import type { BpfObject } from "../../ffi/bpf_object.ts";
import type { BpfProgram, TestRunResult } from "../../ffi/bpf_program.ts";
import { encode } from "../../ffi/codec.ts";
import { SkBuff } from "../../ffi/libbpf/kernel.gen.ts";
import { ProbeRealsMap } from "../../ffi/maps/probe_reals.ts";
import { sumOverCpus } from "../../ffi/maps/sum_over_cpus.ts";
import { loadProbe, type ProbeOptions } from "../../ffi/probe.ts";
import { bpfObject } from "./bpf_objects.ts";

/** Fields of `__sk_buff` that a test run leaves to the kernel. */
const SKB = { len: 0, protocol: 0, priority: 0, ingress_ifindex: 0, ifindex: 0, tc_index: 0 };

/** The health-check program, loaded but not attached. */
export class ProbeRun implements Disposable {
  /** Reals by mark. */
  readonly reals: ProbeRealsMap;
  readonly #object: BpfObject;
  readonly #program: BpfProgram;
  readonly #open: DisposableStack;

  private constructor(object: BpfObject, open: DisposableStack) {
    this.#object = object;
    this.#program = open.use(object.program("weir_probe"));
    this.reals = new ProbeRealsMap(open.use(object.map("probe_reals")));
    this.#open = open;
  }

  /**
   * Loads the program.
   *
   * @param settings All settings.
   * @param host Interfaces, addresses and MACs.
   * @returns The program without reals.
   */
  static async load(
    settings: ProbeOptions["settings"],
    host: ProbeOptions["host"],
  ): Promise<ProbeRun> {
    using guard = new DisposableStack();
    const object = guard.use(loadProbe({ object: await bpfObject("probe"), settings, host }));
    const run = new ProbeRun(object, guard.use(new DisposableStack()));
    run.#open.use(guard.move());
    return run;
  }

  /**
   * Sends a frame of a socket with a mark.
   *
   * @param frame At least 14 bytes.
   * @param mark SO_MARK, 0: none.
   * @param repeat Runs; each meets the frame and the mark that the one before left.
   * @returns `TC_ACT_*` and the frame. A redirect does not happen in a test run.
   */
  send(frame: Uint8Array, mark: number, repeat = 1): TestRunResult {
    const context = encode(SkBuff, { ...SKB, mark });
    const result = this.#program.testRun({ data: frame, context, repeat });
    return { ...result, verdict: result.verdict | 0 };
  }

  /** Opens a map by its name in the object; the caller closes it. */
  map(name: string): BpfMap {
    return this.#object.map(name);
  }

  /** Counters by the names of struct probe_counters. */
  counters(): ReadonlyMap<string, bigint> {
    using map = this.#object.map("probe_counters");
    return sumOverCpus(map, 0, ProbeCounters).scalars;
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}
