import {
  type AttackReport,
  judgeAttack,
  KEPT_TARGET,
  SYN_TARGET,
} from "../../core/bench/attack.ts";
import { type BenchReport, type ClassResult, summarize } from "../../core/bench/report.ts";
import { REFERENCE_NS } from "../../core/bench/verdict.ts";
import { grouped, percent } from "../../cli/views/numbers.ts";
import { isWithin, type Measurement } from "./measurement.ts";

const HEAD = `# Benchmarks

\`deno task bench\` measures all of this and writes this page; \`weir bench\` measures the packets on any
host.

## How

\`BPF_PROG_TEST_RUN\` repeats a program on one buffer and restores nothing, so what is repeated is a
driver (\`bpf/bench.bpf.c\`): it undoes what the packet before went through, writes 128 bytes of the
next flow's packet, waits for its stores, and calls the program under test. An empty program in
its place gives the driver's own cost, which is taken off: all figures are net. Each class runs in
turns with the empty program and with a reference (\`bpf/reference.bpf.c\`: one LRU hash of all
flows, hash look-up of the VIP, array look-ups for ring, control values and counters). Rounds in
which the empty program is over 5 % slower than at its best are thrown away. Time is CPU time of a
thread that is pinned and not interrupted. Known flows come in random order. Before a class is
measured, the balancer's own counters prove that its packets go the way that it says.

The goals are shares of what katran costs. The reference carries them to this machine: factor = its
cost here over its cost where katran was measured (104 ns for one flow, 400 ns for 65,536), limit =
katran's cost x target x factor. Ratio is weir's cost over katran's cost x factor.
`;

/** Everything that was measured. */
export interface Findings {
  readonly report: BenchReport;
  readonly control: readonly Measurement[];
  /** \`2026-11-22\` */
  readonly date: string;
}

/**
 * The page about a run.
 *
 * @param findings What was measured.
 * @returns Markdown, not formatted.
 */
export function pageOf({ report, control, date }: Findings): string {
  return [
    HEAD,
    "## Machine\n",
    machine(report, date),
    "## Packets\n",
    classes(report.classes),
    ...(report.attack === null ? [] : ["## Under attack\n", attack(report.attack)]),
    "## Control plane\n",
    table(
      ["what", "figure", "limit", ""],
      control.map((each) => [
        each.name,
        `${fixed(each.value)} ${each.unit}`,
        each.limit === null ? "" : `${each.limit} ${each.unit}`,
        each.limit === null ? "" : word(isWithin(each)),
      ]),
    ),
  ].join("\n");
}

function machine({ machine, effort, load }: BenchReport, date: string): string {
  const jit = machine.jit === null ? "unknown" : machine.jit === 0 ? "off" : "on";
  return `${date}: ${machine.cpu}, ${machine.cpus} CPUs${
    machine.hypervisor ? " of a virtual machine" : ""
  }, ${
    grouped(machine.memoryMiB)
  } MiB, Linux ${machine.kernel}, JIT ${jit}, pinned to CPU ${machine.pinnedCpu}. Medians of ${effort.loads} loads of the programs, ${effort.rounds} rounds or more each, ${
    grouped(effort.packets)
  } packets a run. Load and verify of the default program: ${load.ms.toFixed(0)} ms, ${
    grouped(load.instructions)
  } instructions.
`;
}

function classes(results: readonly ClassResult[]): string {
  const { mean, meanTarget, classes, within } = summarize(results);
  const rows = results.map(({ name, brief, cost, reference, yardstick, goal, verdict }) => [
    `\`${name}\``,
    brief,
    verdict === null ? "" : verdict.ratio.toFixed(3),
    verdict === null ? "" : `${verdict.target}`,
    verdict === null ? "" : word(verdict.within),
    fixed(cost.ns),
    `${fixed(cost.p25)} to ${fixed(cost.p75)}`,
    verdict === null ? "" : fixed(verdict.limitNs),
    goal === null ? "" : `${goal.katranNs}`,
    `${reference.ns.toFixed(0)} / ${REFERENCE_NS[yardstick]}`,
  ]);
  const titles = ["class", "", "ratio", "target", "", "net ns", "quartiles", "limit"];
  return [
    table([...titles, "katran", "reference here / there"], rows),
    `${within} of ${classes} classes are within their targets. Geometric mean of the ratios: ${
      mean.toFixed(3)
    }, target ${meanTarget}.\n`,
  ].join("\n");
}

function attack(report: AttackReport): string {
  const { keptShare, synRatio, within } = judgeAttack(report);
  return `${grouped(report.established)} established flows, ${
    grouped(report.unstable)
  } of them on unstable slots with entries that the ring contradicts, then ${
    grouped(report.flood)
  } SYNs of new flows: ${
    percent(keptShare, 1)
  } of the established flows still go to their real (at least ${percent(KEPT_TARGET, 1)}), ${
    grouped(report.entries)
  } of ${
    grouped(report.capacity)
  } places of the flow table are taken, and a SYN on a stable slot costs ${
    synRatio.toFixed(2)
  } of a known flow's packet (at most ${SYN_TARGET}): ${word(within)}.
`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = titles.map((title, i) => i === 0 || title === "" ? "---" : "--:");
  return `${[titles, rule, ...rows].map(line).join("\n")}\n`;
}

function word(within: boolean): string {
  return within ? "ok" : "over";
}

function fixed(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
