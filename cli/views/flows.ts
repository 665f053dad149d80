import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import { formatEndpoint } from "../../core/addr/format_endpoint.ts";
import type { FlowStats } from "../../core/metrics/flow_stats.ts";
import { seconds } from "../../core/plan/plan_options.ts";
import type { FlowEntry, State } from "../../core/state/types.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import { table, type TableOptions } from "../term/table.ts";
import { grouped, percent } from "./numbers.ts";

/** A flow in `weir flows list --json` and on a line of `--jsonl`. */
export interface FlowRow {
  /** Key text; `#3` for a deleted VIP. */
  readonly vip: string;
  readonly vipName: string;
  /** Address and port of the client. */
  readonly source: string;
  /** 0: none was looked at. */
  readonly destinationPort: number;
  /** Address; `#3` for a real that is gone. */
  readonly real: string;
  readonly realName: string;
  /** Seconds since the last packet, at most one late. */
  readonly age: number;
}

/** `weir flows list --json` */
export interface FlowListData {
  readonly balancer: string;
  readonly flows: readonly FlowRow[];
  /** Flows that fit the question, shown or not. */
  readonly total: number;
}

/** `weir flows stats --json` */
export interface FlowStatsData extends FlowStats {
  readonly balancer: string;
}

/**
 * An entry with names in the place of numbers.
 *
 * @param state what the kernel holds
 * @param flow an entry of the flow table
 * @param now tick of this instant
 */
export function flowRow(state: State, flow: FlowEntry, now: number): FlowRow {
  const vip = state.vips.get(flow.vip)?.config;
  const real = state.reals.get(flow.real)?.config;
  const address = addressFromBytes(flow.family, flow.source);
  return {
    vip: vip === undefined ? `#${flow.vip}` : vipKeyText(vip),
    vipName: vip?.name ?? "",
    source: formatEndpoint(address, flow.sourcePort),
    destinationPort: flow.destinationPort,
    real: real?.address.text ?? `#${flow.real}`,
    realName: real?.name ?? "",
    age: flowAge(flow, now),
  };
}

/**
 * Seconds since a flow's last packet.
 *
 * @param flow an entry of the flow table
 * @param now tick of this instant; another CPU's clock may be a little ahead of it
 */
export function flowAge({ lastSeen }: FlowEntry, now: number): number {
  return seconds(Math.max(0, (now - lastSeen) | 0));
}

/**
 * Draws flows.
 *
 * @param data the flows
 * @param options width and colour
 */
export function flowListLines(data: FlowListData, options: TableOptions): readonly string[] {
  const { flows, total } = data;
  if (total === 0) return ["No flow is remembered: the ring tells where all of them go"];
  const columns = [
    { title: "VIP" },
    { title: "CLIENT" },
    { title: "REAL" },
    { title: "NAME", flexible: true },
    { title: "SEEN", align: "right" },
  ] as const;
  const rows = flows.map((
    row,
  ) => [row.vip, row.source, row.real, row.realName, `${row.age} s ago`]);
  const more = total - flows.length;
  const rest = `${grouped(more)} more; see them with --limit ${total}`;
  return [...table(columns, rows, options), ...(more === 0 ? [] : [rest])];
}

/**
 * Draws the statistics of the flow table.
 *
 * @param data the statistics
 * @param options width and colour
 */
export function flowStatsLines(
  { vips, total, capacity }: FlowStatsData,
  options: TableOptions,
): readonly string[] {
  const used = `${grouped(total)} of ${grouped(capacity)} entries used (${
    percent(total, capacity)
  })`;
  if (total === 0) return [used];
  const columns = [
    { title: "VIP" },
    { title: "NAME", flexible: true },
    { title: "FLOWS", align: "right" },
    { title: "STALE", align: "right" },
    { title: "< 30 S", align: "right" },
    { title: "30-60 S", align: "right" },
    { title: "> 60 S", align: "right" },
  ] as const;
  const rows = vips.map(({ vip, name, total, stale, recent, quiet, old }) => [
    vip,
    name,
    ...[total, stale, recent, quiet, old].map(grouped),
  ]);
  return [...table(columns, rows, options), used];
}
