import type { BenchReport, ClassResult, Effort, LoadResult } from "../../core/bench/report.ts";
import { mergeCosts, quantile } from "../../core/bench/statistics.ts";
import type { PacketClass, World } from "../../core/bench/types.ts";
import { judge, yardstickOf } from "../../core/bench/verdict.ts";
import { DEFAULT_WORLD } from "../../core/bench/classes/define.ts";
import type { BenchObjects } from "./bench_objects.ts";
import { BenchDriver } from "./driver.ts";
import { readMachine } from "./machine.ts";
import { measureClass, type Measured } from "./measure_class.ts";
import { PinnedThread } from "./pinned_thread.ts";
import { ReferenceTarget } from "./reference_target.ts";
import { runAttack } from "./run_attack.ts";
import { WeirTarget } from "./weir_target.ts";

/** What to measure. */
export interface BenchOptions {
  readonly objects: BenchObjects;
  readonly classes: readonly PacketClass[];
  readonly effort: Effort;
  /** Whether to carry the attack out. */
  readonly attack: boolean;
  /** Told what is measured next. */
  readonly onProgress?: (text: string) => void;
}

/** Costs by class name, one for each load. */
type Costs = Map<string, Measured[]>;

/**
 * Measures packet classes. The calling thread is pinned meanwhile.
 *
 * @param options What, and how thoroughly.
 * @returns Figures and verdicts.
 * @throws {DataplaneError} When the kernel refuses.
 * @throws {Error} When packets do not go the way that a class says.
 */
export async function runBench(options: BenchOptions): Promise<BenchReport> {
  const { classes, effort, onProgress = () => {} } = options;
  const costs: Costs = new Map();
  const loads: LoadResult[] = [];
  using thread = new PinnedThread();
  for (let load = 0; load < effort.loads; load++) {
    loads.push(await measureLoad(options, thread.cpu, load, costs));
  }
  if (options.attack) onProgress("attack");
  return {
    machine: readMachine(thread.cpu),
    effort,
    attack: options.attack ? await runAttack(options.objects, DEFAULT_WORLD, effort) : null,
    load: {
      ms: quantile(loads.map(({ ms }) => ms), 0.5),
      instructions: loads[0]?.instructions ?? 0,
    },
    classes: classes.map((each) => resultOf(each, costs.get(each.name) ?? [])),
  };
}

/** Loads everything anew and measures all classes, those of one world together. */
async function measureLoad(
  { objects, classes, effort, onProgress = () => {} }: BenchOptions,
  cpu: number,
  load: number,
  costs: Costs,
): Promise<LoadResult> {
  using driver = new BenchDriver(objects.driver);
  using reference = new ReferenceTarget(objects.reference, cpu);
  reference.warmUp(driver);
  let first: LoadResult | null = null;
  for (const [world, members] of worldsOf(classes)) {
    using weir = new WeirTarget(objects.loadBalancer, world);
    first ??= { ms: weir.loadMs, instructions: weir.program.info().verified_insns };
    for (const each of members) {
      onProgress(`load ${load + 1} of ${effort.loads}: ${each.name}`);
      const measured = await measureClass({ driver, reference, weir }, each, effort);
      costs.set(each.name, [...costs.get(each.name) ?? [], measured]);
    }
  }
  return first ?? { ms: 0, instructions: 0 };
}

/** Classes by world, the worlds in order of appearance. */
function worldsOf(classes: readonly PacketClass[]): Iterable<readonly [World, PacketClass[]]> {
  const worlds = new Map<string, readonly [World, PacketClass[]]>();
  for (const each of classes) {
    const key = JSON.stringify(each.world);
    const [world, members] = worlds.get(key) ?? [each.world, []];
    worlds.set(key, [world, [...members, each]]);
  }
  return worlds.values();
}

function resultOf(each: PacketClass, measured: readonly Measured[]): ClassResult {
  const { name, brief, flows, goal } = each;
  const cost = mergeCosts(measured.map(({ cost }) => cost));
  const reference = mergeCosts(measured.map(({ reference }) => reference));
  const verdict = goal === null ? null : judge(cost.ns, reference.ns, goal);
  return { name, brief, flows, cost, reference, yardstick: yardstickOf(each), goal, verdict };
}
