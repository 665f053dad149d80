import { judgeAttack, KEPT_TARGET, SYN_TARGET } from "../../core/bench/attack.ts";
import {
  type BenchReport,
  type ClassResult,
  summarize,
  type Summary,
} from "../../core/bench/report.ts";
import { REFERENCE_NS } from "../../core/bench/verdict.ts";
import { table, type TableOptions } from "../term/table.ts";
import { grouped, percent } from "./numbers.ts";

/**
 * Draws a run of the benchmark: ratios, what they come of, and what it was run on.
 *
 * @param report the run
 * @param options width and colour
 */
export function benchLines(report: BenchReport, options: TableOptions): readonly string[] {
  return [
    ...classLines(report.classes, options),
    "",
    ...attackLines(report),
    ...referenceLines(report.classes),
    ...machineLines(report),
    summaryLine(summarize(report.classes)),
  ];
}

/**
 * The last line: how many classes are within their targets, and what the worst costs of what it may.
 *
 * @param summary of all classes
 */
export function summaryLine({ classes, within, worst }: Summary): string {
  const name = worst === null ? "none" : `${worst.name} ${fixed(worst.verdict?.load ?? 0, 2)}`;
  return `bench: ${classes} classes, ${within} within target, worst ${name}`;
}

function classLines(results: readonly ClassResult[], options: TableOptions): readonly string[] {
  const number = (title: string) => ({ title, align: "right" }) as const;
  return table(
    [
      ...[{ title: "CLASS" }, number("RATIO"), number("TARGET"), { title: "" }, number("NET NS")],
      ...[number("P25"), number("P75"), number("MIN"), number("LIMIT"), number("REFERENCE")],
    ],
    results.map((result) => classCells(result)),
    options,
  );
}

function classCells({ name, cost, reference, verdict }: ClassResult): readonly string[] {
  const judged = verdict === null
    ? ["", "", ""]
    : [fixed(verdict.ratio, 3), fixed(verdict.target, 2), verdict.within ? "ok" : "over"];
  return [
    name,
    ...judged,
    ...[cost.ns, cost.p25, cost.p75, cost.floor].map((ns) => fixed(ns, 1)),
    verdict === null ? "" : fixed(verdict.limitNs, 1),
    fixed(reference.ns, 0),
  ];
}

function attackLines({ attack }: BenchReport): readonly string[] {
  if (attack === null) return [];
  const { keptShare, synRatio, within } = judgeAttack(attack);
  return [
    `attack: ${percent(keptShare, 1)} of ${grouped(attack.established)} established flows kept ` +
    `their real (want ${percent(KEPT_TARGET, 1)}),`,
    `        ${grouped(attack.flood)} SYNs, ${grouped(attack.entries)} of ` +
    `${grouped(attack.capacity)} places in the flow table taken,`,
    `        a SYN costs ${fixed(synRatio, 2)} of a known flow's packet (at most ` +
    `${fixed(SYN_TARGET, 2)}): ${within ? "ok" : "over"}`,
  ];
}

function referenceLines(results: readonly ClassResult[]): readonly string[] {
  return (["hot", "64k"] as const).flatMap((yardstick) => {
    const costs = results.filter((result) => result.yardstick === yardstick)
      .map(({ reference }) => reference.ns).sort((a, b) => a - b);
    const median = costs[costs.length >> 1];
    if (median === undefined) return [];
    const flows = yardstick === "hot" ? "one flow" : "65,536 flows";
    const there = REFERENCE_NS[yardstick];
    return [
      `reference, ${flows}: ${fixed(median, 0)} ns here, ${there} ns where the targets were ` +
      `measured: factor ${fixed(median / there, 2)}`,
    ];
  });
}

function machineLines({ machine, effort, load, classes }: BenchReport): readonly string[] {
  const { mean, meanTarget } = summarize(classes);
  const jit = machine.jit === null ? "unknown" : machine.jit === 0 ? "off" : "on";
  return [
    `geometric mean of the ratios ${fixed(mean, 3)}, target ${fixed(meanTarget, 2)}`,
    `load and verify ${fixed(load.ms, 0)} ms, ${grouped(load.instructions)} instructions`,
    `${machine.cpu}, ${machine.cpus} CPUs${machine.hypervisor ? " of a virtual machine" : ""}, ` +
    `Linux ${machine.kernel}, JIT ${jit}`,
    `pinned to CPU ${machine.pinnedCpu}; loads ${effort.loads}, rounds of each ${effort.rounds} ` +
    `or more, packets of each ${grouped(effort.packets)}; medians, net of an empty program`,
  ];
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}
