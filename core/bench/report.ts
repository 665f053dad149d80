import type { AttackReport } from "./attack.ts";
import type { Cost } from "./statistics.ts";
import type { Goal, Yardstick } from "./types.ts";
import { geometricMean, MEAN_TARGET, type Verdict } from "./verdict.ts";

/** What was measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cpus: number;
  /** The one that the measuring thread was pinned to. */
  readonly pinnedCpu: number;
  readonly hypervisor: boolean;
  readonly kernel: string;
  /** net.core.bpf_jit_enable: 0 off, 1 on; null: not to be read. */
  readonly jit: number | null;
  readonly memoryMiB: number;
}

/** How often things were repeated. */
export interface Effort {
  /** Times that each program was loaded. */
  readonly loads: number;
  /** Rounds a load that count. */
  readonly rounds: number;
  /** Packets a run. */
  readonly packets: number;
}

/** For figures that others shall believe. */
export const FULL_EFFORT: Effort = { loads: 3, rounds: 8, packets: 200_000 };

/** For a first look. As many packets: fewer would meet colder caches than many flows deserve. */
export const QUICK_EFFORT: Effort = { loads: 1, rounds: 3, packets: 200_000 };

/** One class, measured. */
export interface ClassResult {
  readonly name: string;
  readonly brief: string;
  readonly flows: number;
  readonly cost: Cost;
  /** The reference in the same rounds. */
  readonly reference: Cost;
  readonly yardstick: Yardstick;
  readonly goal: Goal | null;
  /** Null: the class has no goal. */
  readonly verdict: Verdict | null;
}

/** What loading the default program takes. */
export interface LoadResult {
  /** From ELF file to verified program, ms; median of the loads. */
  readonly ms: number;
  /** Instructions that the verifier walked. */
  readonly instructions: number;
}

/** A run of the benchmark. */
export interface BenchReport {
  readonly machine: Machine;
  readonly effort: Effort;
  readonly load: LoadResult;
  readonly classes: readonly ClassResult[];
  /** Null: not tried. */
  readonly attack: AttackReport | null;
}

/** What a run comes to. */
export interface Summary {
  /** Classes with a goal. */
  readonly classes: number;
  readonly within: number;
  /** The class nearest to its limit, or furthest beyond. */
  readonly worst: ClassResult | null;
  /** Geometric mean of the ratios; says something of all classes only. */
  readonly mean: number;
  readonly meanTarget: number;
}

/**
 * Sums up a run.
 *
 * @param results Classes, with or without goals.
 */
export function summarize(results: readonly ClassResult[]): Summary {
  const judged = results.filter(({ verdict }) => verdict !== null);
  const load = ({ verdict }: ClassResult) => verdict?.load ?? 0;
  return {
    classes: judged.length,
    within: judged.filter(({ verdict }) => verdict?.within).length,
    worst: judged.toSorted((a, b) => load(b) - load(a))[0] ?? null,
    mean: geometricMean(judged.map(({ verdict }) => verdict?.ratio ?? 1)),
    meanTarget: MEAN_TARGET,
  };
}
