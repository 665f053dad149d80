/**
 * `deno task bench`: packets, rings, start-up, `apply`. Prints all figures, writes them to
 * docs/benchmarks.md, and exits with 0 only if all are within their targets. Run it on a quiet
 * machine, as root. `--quick` takes three minutes instead of eight and writes nothing.
 */
import { judgeAttack } from "../core/bench/attack.ts";
import { PACKET_CLASSES } from "../core/bench/classes.ts";
import { type BenchReport, FULL_EFFORT, QUICK_EFFORT, summarize } from "../core/bench/report.ts";
import { style } from "../cli/term/ansi.ts";
import { benchLines, summaryLine } from "../cli/views/bench.ts";
import { runBench } from "../ffi/bench/run_bench.ts";
import { measureApply } from "./bench/apply.ts";
import { isWithin, type Measurement } from "./bench/measurement.ts";
import { pageOf } from "./bench/page.ts";
import { measureRings } from "./bench/rings.ts";
import { measureStartup } from "./bench/startup.ts";
import { buildBpf } from "./build_bpf.ts";
import { ensureTools } from "./ensure_tools.ts";
import { run } from "./lab/command.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
const PAGE = `${ROOT}/docs/benchmarks.md`;
/** What katran takes for its default set, ms. */
const LOAD_MS = 70;

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

function object(name: string): Uint8Array {
  return Deno.readFileSync(`${ROOT}/dist/bpf/${name}.bpf.o`);
}

async function measurePackets(quick: boolean): Promise<BenchReport> {
  return await runBench({
    objects: {
      ...{ loadBalancer: object("lb"), driver: object("bench"), reference: object("reference") },
    },
    ...{ classes: PACKET_CLASSES, effort: quick ? QUICK_EFFORT : FULL_EFFORT, attack: true },
  });
}

async function measureControl(report: BenchReport): Promise<readonly Measurement[]> {
  const load = { name: "load and verify", value: report.load.ms, unit: "ms", limit: LOAD_MS };
  const startup = await measureStartup();
  return [...measureRings(object("lb")), load, ...startup, ...await measureApply()];
}

function controlLine(each: Measurement): string {
  const limit = each.limit === null
    ? ""
    : `  at most ${each.limit} ${each.unit}  ${isWithin(each) ? "ok" : "over"}`;
  return `${each.name}: ${each.value.toFixed(2)} ${each.unit}${limit}`;
}

async function main(args: readonly string[]): Promise<number> {
  const quick = args.includes("--quick");
  await ensureTools(["clang", "strip", "ip"], say);
  await buildBpf(ROOT);
  const report = await measurePackets(quick);
  for (const line of benchLines(report, { width: 200, style: style(false) }).slice(0, -1)) {
    say(line);
  }
  say("");
  const control = await measureControl(report);
  for (const each of control) say(controlLine(each));
  if (!quick) {
    const date = new Date().toISOString().slice(0, 10);
    Deno.writeTextFileSync(PAGE, pageOf({ report, control, date }));
    await run([Deno.execPath(), "fmt", "--quiet", PAGE]);
  }
  const summary = summarize(report.classes);
  say(summaryLine(summary));
  const all = summary.within === summary.classes && summary.mean <= summary.meanTarget &&
    (report.attack === null || judgeAttack(report.attack).within) && control.every(isWithin);
  return all ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
