import { parseMac } from "../../core/addr/parse_mac.ts";
import type { Sample } from "../../core/metrics/types.ts";
import type { Capacity } from "../../core/state/types.ts";
import type { BpfProgram } from "../../ffi/bpf_program.ts";
import { type BalancerSettings, defaultSettings } from "../../ffi/default_settings.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { XDP_DROP, XDP_PASS, XDP_TX } from "../../ffi/libbpf/kernel.gen.ts";
import { type HostConfig, loadBalancer, PROGRAM } from "../../ffi/load_balancer.ts";
import { BalancerSetup } from "./balancer_setup.ts";
import { bpfObject } from "./bpf_objects.ts";

/** What became of a frame. */
export type Verdict = "sent" | "passed" | "dropped";

/** One frame's way through the load balancer. */
export interface PacketResult {
  readonly verdict: Verdict;
  /** The frame as the program left it, whatever the verdict. */
  readonly frame: Uint8Array;
  /**
   * Counters that moved: `sent.packets`, `drops.no_real`, `vip 0 packets`, `real 3 bytes`.
   */
  readonly counters: Readonly<Record<string, number>>;
}

/** What differs from the defaults. */
export interface PacketRunOptions {
  readonly settings?: Partial<BalancerSettings>;
  readonly capacity?: Partial<Capacity>;
  readonly host?: Partial<HostConfig>;
}

const VERDICTS: Readonly<Record<number, Verdict>> = {
  [XDP_TX]: "sent",
  [XDP_PASS]: "passed",
  [XDP_DROP]: "dropped",
};
const CAPACITY: Capacity = { maxVips: 64, maxReals: 256, maxFlows: 4096 };

/** The load balancer, loaded but not attached, for frames by BPF_PROG_TEST_RUN. */
export class PacketRun implements Disposable {
  readonly dataplane: KernelDataplane;
  readonly program: BpfProgram;
  readonly setup: BalancerSetup;
  readonly #open: DisposableStack;

  private constructor(dataplane: KernelDataplane, program: BpfProgram, open: DisposableStack) {
    this.dataplane = dataplane;
    this.program = program;
    this.setup = new BalancerSetup(dataplane);
    this.#open = open;
  }

  /**
   * Loads the program.
   *
   * @param options What differs from the defaults.
   * @returns A balancer without VIPs.
   */
  static async load(options: PacketRunOptions = {}): Promise<PacketRun> {
    const object = await bpfObject("lb");
    using open = new DisposableStack();
    const loaded = open.use(loadBalancer({
      object,
      settings: defaultSettings(options.settings),
      capacity: { ...CAPACITY, ...options.capacity },
      host: {
        gateway_mac: parseMac("02:00:00:00:00:fe") ?? new Uint8Array(6),
        gue_source_v4: new Uint8Array(4),
        gue_source_v6: new Uint8Array(16),
        ...options.host,
      },
    }));
    const dataplane = open.use(new KernelDataplane((name) => loaded.map(name)));
    return new PacketRun(dataplane, open.use(loaded.program(PROGRAM)), open.move());
  }

  /**
   * Sends one frame through.
   *
   * @param frame At least 14 bytes.
   * @returns What became of it.
   */
  run(frame: Uint8Array): PacketResult {
    const before = this.counters();
    const result = this.runOnly(frame);
    return { ...result, counters: this.movedSince(before) };
  }

  /**
   * Sends one frame through without a look at the counters.
   *
   * @param frame At least 14 bytes.
   * @returns What became of it.
   */
  runOnly(frame: Uint8Array): Omit<PacketResult, "counters"> {
    const { verdict, data } = this.program.testRun({ data: frame });
    const word = VERDICTS[verdict];
    if (word === undefined) throw new Error(`Program returned ${verdict}, which is no verdict`);
    return { verdict: word, frame: data };
  }

  /** All counters, by the names of `PacketResult.counters`. */
  counters(): ReadonlyMap<string, bigint> {
    return flatten(this.dataplane.readSample());
  }

  /**
   * Counters that moved.
   *
   * @param before What `counters` returned at the start.
   * @returns By how much each moved.
   */
  movedSince(before: ReadonlyMap<string, bigint>): Readonly<Record<string, number>> {
    const moved: Record<string, number> = {};
    for (const [name, value] of this.counters()) {
      const amount = Number(value - (before.get(name) ?? 0n));
      if (amount !== 0) moved[name] = amount;
    }
    return moved;
  }

  [Symbol.dispose](): void {
    this.#open[Symbol.dispose]();
  }
}

function flatten(sample: Sample): ReadonlyMap<string, bigint> {
  const flat = new Map(sample.counters);
  for (const [reason, count] of sample.drops) flat.set(`drops.${reason}`, count);
  for (const [index, { packets, bytes, newFlows, serverIdMismatch }] of sample.vips) {
    flat.set(`vip ${index} packets`, packets).set(`vip ${index} bytes`, bytes);
    flat.set(`vip ${index} new_flows`, newFlows);
    flat.set(`vip ${index} server_id_mismatch`, serverIdMismatch);
  }
  for (const [index, { packets, bytes }] of sample.reals) {
    flat.set(`real ${index} packets`, packets).set(`real ${index} bytes`, bytes);
  }
  return flat;
}
