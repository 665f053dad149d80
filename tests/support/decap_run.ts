import type { Address } from "../../core/addr/types.ts";
import { DecapCounters } from "../../ffi/abi.gen.ts";
import type { BpfObject } from "../../ffi/bpf_object.ts";
import type { BpfProgram } from "../../ffi/bpf_program.ts";
import { type DecapOptions, loadDecap } from "../../ffi/decap.ts";
import { sumOverCpus } from "../../ffi/maps/sum_over_cpus.ts";
import { bpfObject } from "./bpf_objects.ts";

/** The decapsulation program of reals, loaded but not attached. */
export class DecapRun implements Disposable {
  readonly program: BpfProgram;
  readonly object: BpfObject;
  readonly #open: DisposableStack;

  private constructor(object: BpfObject, program: BpfProgram, open: DisposableStack) {
    this.object = object;
    this.program = program;
    this.#open = open;
  }

  /**
   * Loads the program.
   *
   * @param settings All settings.
   * @param addresses Outer destinations that are this host's.
   * @returns The program, nothing counted yet.
   */
  static async load(
    settings: DecapOptions["settings"],
    addresses: readonly Address[],
  ): Promise<DecapRun> {
    using open = new DisposableStack();
    const object = open.use(loadDecap({ object: await bpfObject("decap"), settings, addresses }));
    return new DecapRun(object, open.use(object.program("weir_decap")), open.move());
  }

  /** Counters by the names of struct decap_counters. */
  counters(): ReadonlyMap<string, bigint> {
    using map = this.object.map("decap_counters");
    return sumOverCpus(map, 0, DecapCounters).scalars;
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}
