import { quantile } from "../../core/bench/statistics.ts";
import { capture } from "../lab/command.ts";
import { WEIR } from "../lab/load_balancer_lab.ts";
import { BenchBalancer } from "./balancer.ts";
import type { Measurement } from "./measurement.ts";

const STARTUP_MS = 40;
const RUNS = 15;

/** How much longer commands take to start than a program that does nothing. */
export async function measureStartup(): Promise<readonly Measurement[]> {
  const empty = await Deno.makeTempFile({ prefix: "weir-empty-", suffix: ".ts" });
  try {
    await using balancer = await BenchBalancer.attach([]);
    const lines = {
      empty: [Deno.execPath(), "run", "-A", "--quiet", empty],
      help: [...WEIR, "--help"],
      status: balancer.words(["status"]),
    };
    const times = { empty: [] as number[], help: [] as number[], status: [] as number[] };
    // In turns, so that what else the host does hits all alike.
    for (let i = 0; i < RUNS; i++) {
      for (const name of ["empty", "help", "status"] as const) {
        times[name].push(await timeOf(lines[name]));
      }
    }
    const base = quantile(times.empty, 0.5);
    const over = (all: readonly number[]) => quantile(all, 0.5) - base;
    return [
      { name: "an empty Deno program", value: base, unit: "ms", limit: null },
      { name: "weir --help, beyond that", value: over(times.help), unit: "ms", limit: STARTUP_MS },
      {
        name: "weir status, beyond that",
        value: over(times.status),
        unit: "ms",
        limit: STARTUP_MS,
      },
    ];
  } finally {
    await Deno.remove(empty);
  }
}

async function timeOf(argv: readonly string[]): Promise<number> {
  const begin = performance.now();
  const { code, stderr } = await capture(argv);
  if (code !== 0) throw new Error(`"${argv.join(" ")}" failed with ${code}: ${stderr.trim()}`);
  return performance.now() - begin;
}
