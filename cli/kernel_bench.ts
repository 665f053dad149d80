import { PACKET_CLASSES } from "../core/bench/classes.ts";
import { type BenchReport, FULL_EFFORT, QUICK_EFFORT } from "../core/bench/report.ts";
import { runBench } from "../ffi/bench/run_bench.ts";
import { DRIVER, REFERENCE } from "./bench_objects.ts";
import { LOAD_BALANCER } from "./bpf_objects.ts";
import { CliError } from "./errors.ts";
import { Exit } from "./exit.ts";
import type { BenchRequest } from "./host.ts";

/**
 * Measures packet classes on this host; nothing is attached.
 *
 * @throws {CliError} if there is no such class
 * @throws {DataplaneError} if the kernel refuses
 */
export async function bench(request: BenchRequest): Promise<BenchReport> {
  const unknown = request.classes.find((name) => !PACKET_CLASSES.some((own) => own.name === name));
  if (unknown !== undefined) {
    const names = PACKET_CLASSES.map(({ name }) => name).join(" ");
    throw new CliError(`Cannot measure class "${unknown}"`, `classes: ${names}`, Exit.usage);
  }
  const all = request.classes.length === 0;
  return await runBench({
    objects: { loadBalancer: LOAD_BALANCER, driver: DRIVER, reference: REFERENCE },
    classes: PACKET_CLASSES.filter(({ name }) => all || request.classes.includes(name)),
    effort: request.quick ? QUICK_EFFORT : FULL_EFFORT,
    attack: all,
    onProgress: request.onProgress,
  });
}
