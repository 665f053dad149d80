import { summarize } from "../../../core/bench/report.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { requireRoot } from "../../open_balancer.ts";
import { show } from "../../show.ts";
import { benchLines } from "../../views/bench.ts";

/** Flags of `weir bench`. */
export interface BenchFlags {
  readonly json: boolean;
  readonly class?: readonly string[];
  readonly quick: boolean;
  readonly verbose: boolean;
}

const CLEAR_LINE = "\r\x1b[K";

/** `weir bench`: what packets cost, beside an empty program and a classical balancer. */
export async function benchCommand(host: Host, flags: BenchFlags): Promise<ExitCode> {
  requireRoot(host);
  const { isTerminal } = host.screen();
  const onProgress = (text: string) => {
    if (isTerminal) host.stderr.write(`${CLEAR_LINE}${text}`);
  };
  try {
    const classes = flags.class ?? [];
    const report = await host.bench({ classes, quick: flags.quick, onProgress });
    onProgress("");
    const { worst, ...summary } = summarize(report.classes);
    const data = { ...report, summary: { ...summary, worst: worst?.name ?? null } };
    show(host, flags, "bench", data, (options) => benchLines(report, options));
  } finally {
    onProgress("");
  }
  return Exit.ok;
}
