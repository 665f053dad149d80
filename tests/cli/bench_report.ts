import { goal } from "../../core/bench/classes/define.ts";
import { type BenchReport, type ClassResult, FULL_EFFORT } from "../../core/bench/report.ts";
import type { Goal } from "../../core/bench/types.ts";
import { judge } from "../../core/bench/verdict.ts";

/** A class whose rounds differ by little. */
function result(name: string, ns: number, flows: number, own: Goal | null): ClassResult {
  const cost = (ns: number) => ({
    ...{ ns, p25: ns - 0.5, p75: ns + 0.75, floor: ns - 1.25, rounds: 24, noisy: 2 },
  });
  const yardstick = flows === 1 ? "hot" : "64k";
  const reference = cost(flows === 1 ? 104 : 360);
  const verdict = own === null ? null : judge(ns, reference.ns, own);
  return { name, brief: name, flows, cost: cost(ns), reference, yardstick, goal: own, verdict };
}

/** A run of the benchmark that never was. */
export const BENCH_REPORT: BenchReport = {
  machine: {
    ...{ cpu: "AMD EPYC", cpus: 2, pinnedCpu: 1, hypervisor: true, kernel: "6.18.44", jit: 1 },
    memoryMiB: 24_105,
  },
  effort: FULL_EFFORT,
  load: { ms: 41.25, instructions: 24_789 },
  classes: [
    result("tcp-v4", 20.8, 1, goal(104, 0.25)),
    result("tcp-v4-64k", 36, 65_536, goal(400, 0.08, "64k")),
    result("tcp-v4-always-64k", 180, 65_536, null),
  ],
  attack: {
    ...{ established: 1_048_576, unstable: 52_526, flood: 10_000_000, kept: 1_048_000 },
    ...{ entries: 185_162, capacity: 262_144, knownNs: 30, synNs: 31.5 },
  },
};
