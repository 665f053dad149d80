import type { Impact } from "../../core/plan/impact.ts";
import type { Change, EntryChange, RingChange } from "../../core/plan/types.ts";
import type { FieldChange } from "../../core/state/config_changes.ts";
import type { Style } from "../term/ansi.ts";
import type { Proposal } from "../propose_change.ts";
import type { TableOptions } from "../term/table.ts";
import { impactLines } from "./impact.ts";

/** `--json` of `weir plan` and of every command that changes something. */
export interface PlanData {
  readonly balancer: string;
  readonly changes: readonly Change[];
  /** Rings that change, with the slots that move and the least that any ring would move. */
  readonly rings: readonly RingChange[];
  /** Running VIPs that lose their last real that takes new flows. */
  readonly emptied: readonly string[];
  /** The live traffic that is touched; only `weir plan` and `weir apply` measure it. */
  readonly impact?: Impact;
}

/** A change to come, or one that was made. */
export type Tense = "plan" | "done";

const RING_SIZE = 65537;

/**
 * What a plan does, without its writes.
 *
 * @param balancer name of the balancer
 * @param proposal plan, changes of settings, blast radius
 */
export function planData(balancer: string, { plan, wanted, impact, emptied }: Proposal): PlanData {
  const changes = [...wanted.changes, ...plan.changes];
  return { balancer, changes, rings: plan.rings, emptied, ...(impact === null ? {} : { impact }) };
}

/**
 * Draws a plan: a line per change, a line per ring, what happens to traffic, a sum.
 *
 * @param data changes and rings
 * @param tense whether it is to come or was made
 * @param options colour
 */
export function planLines(
  { changes, rings, emptied, impact }: PlanData,
  tense: Tense,
  { style }: TableOptions,
): readonly string[] {
  if (changes.length === 0) return ["No changes"];
  const lines = changes.map((change) => changeLine(change, style));
  const moving = rings.filter(({ moved }) => moved > 0);
  return [
    ...lines,
    ...moving.map((ring) => ringLine(ring, style)),
    ...(impact === undefined ? [] : impactLines(impact, style)),
    ...emptied.map((vip) => style.red(`! VIP "${vip}" has no real that takes new flows`)),
    sumLine(changes, tense),
  ];
}

function changeLine(change: Change, style: Style): string {
  switch (change.kind) {
    case "settings-changed":
      return style.yellow(`~ balancer: ${fieldsText(change.fields)}`);
    case "entry-added":
      return style.green(`+ ${entryText(change)}`);
    case "entry-removed":
      return style.red(`- ${entryText(change)}`);
    case "entry-changed":
      return style.yellow(
        `~ ${TABLES[change.table]} ${change.key}: ${change.from} -> ${change.to}`,
      );
    case "vip-added":
      return style.green(`+ vip ${change.vip}`);
    case "vip-removed":
      return style.red(`- vip ${change.vip}`);
    case "vip-changed":
      return style.yellow(`~ vip ${change.vip}: ${fieldsText(change.fields)}`);
    case "real-added": {
      const state = change.state === "up" ? "" : `, ${change.state}`;
      return style.green(`+ real ${realOf(change)}, weight ${change.weight}${state}`);
    }
    case "real-removed": {
      const flows = change.hard ? "its flows move at once" : "established flows stay";
      return style.red(`- real ${realOf(change)}, ${flows}`);
    }
    case "real-changed":
      return style.yellow(`~ real ${realOf(change)}: ${fieldsText(change.fields)}`);
    case "real-updated":
      return style.yellow(`~ real ${change.real}: ${fieldsText(change.fields)}`);
  }
}

const TABLES = { server: "server", source: "source", destination: "decap destination" } as const;

function entryText({ table, key, value }: Exclude<EntryChange, { kind: "entry-changed" }>): string {
  return `${TABLES[table]} ${key} -> ${value}`;
}

function realOf({ vip, real }: { readonly vip: string; readonly real: string }): string {
  return `${real} of ${vip}`;
}

function fieldsText(fields: readonly FieldChange[]): string {
  const shown = (value: string) => value === "" ? "(none)" : value;
  return fields.map(({ field, from, to }) => `${field} ${shown(from)} -> ${shown(to)}`).join(", ");
}

function ringLine({ vip, moved, minimum }: RingChange, style: Style): string {
  const share = (100 * moved / RING_SIZE).toFixed(1);
  const slots = `${moved} of ${RING_SIZE} slots move (${share} %)`;
  return style.dim(`  ring ${vip}: ${slots}, at least ${minimum} must`);
}

function sumLine(changes: readonly Change[], tense: Tense): string {
  const count = (word: string) => changes.filter(({ kind }) => kind.endsWith(word)).length;
  const changed = count("changed") + count("updated");
  const sums = `${count("added")} added, ${changed} changed, ${count("removed")} removed`;
  return tense === "plan" ? `Plan: ${sums}` : `Done: ${sums}`;
}
