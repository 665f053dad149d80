import type { Address, Prefix } from "../core/addr/types.ts";

/** Version of the form of everything that `--json` prints. */
export const JSON_SCHEMA = "weir/v1";

/**
 * One JSON document: `{"schema": "weir/v1", "kind": ..., ...}`. Fields are only ever added within a
 * version. Counters are JSON integers of up to 64 bits. The kinds, and the types of their fields:
 *
 * | kind | printed by | fields |
 * | --- | --- | --- |
 * | attachment | attach, upgrade | `Attachment` of host.ts |
 * | detached | detach | balancer, ifname |
 * | status | status | `StatusData` of views/status.ts |
 * | check | config check | file, vips, reals |
 * | plan | plan | `PlanData` of views/plan.ts |
 * | change | apply, attach -f, vip and real verbs | `PlanData` of views/plan.ts |
 * | vip-list | vip list | `VipListData` of views/vip_list.ts |
 * | real-list | real list | `RealListData` of views/real_list.ts |
 * | server-list, source-list | server list, source list | `RouteListData` of views/entry_lists.ts |
 * | destination-list | decap destination list | `DestinationListData` of views/entry_lists.ts |
 * | flow-list | flows list | `FlowListData` of views/flows.ts |
 * | flow | flows list --jsonl, flows get | `FlowRow` of views/flows.ts; get: balancer, by |
 * | flow-stats | flows stats | `FlowStatsData` of views/flows.ts |
 * | flow-purge | flows purge | balancer, purged |
 * | ring | ring show | `RingData` of views/ring.ts |
 * | ring-digests | ring digest | balancer, digests of vip and digest (null: no ring) |
 * | status-list | status, of several balancers | balancers, a list of `StatusData` |
 * | settled | ring settle | `SettleData` of views/settle.ts |
 * | drain | real drain --wait | `DrainData` of views/progress.ts |
 * | ramp | real set --ramp | vip, real, weight (null: nothing was done), finished |
 * | stats | stats | `StatsData` of views/stats.ts |
 * | event | events | `EventData` of views/events.ts |
 * | rates | watch | `RatesData` of views/rates.ts |
 * | decap-attachment, decap-detached, decap-stats | decap verbs | ifname; mode; counters |
 * | probe-attachment, probe-detached, probe-stats | probe verbs | ifname; next hop, sources; counters |
 * | probe-mark, probe-mark-deleted, probe-mark-list | probe mark verbs | ifname; mark, real, encap |
 * | version | version | version |
 *
 * @param kind what the document holds
 * @param data its fields
 * @param indent spaces; 0: one line (`--jsonl`)
 * @returns text that ends with a line feed
 */
export function jsonDocument(
  kind: string,
  data: Readonly<Record<string, unknown>>,
  indent: 0 | 2 = 2,
): string {
  return `${JSON.stringify({ schema: JSON_SCHEMA, kind, ...data }, replacer, indent)}\n`;
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return rawNumber(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  if (isAddress(value)) return value.text;
  if (isPrefix(value)) return `${value.address.text}/${value.prefixLength}`;
  return value;
}

function isAddress(value: unknown): value is Address {
  return typeof value === "object" && value !== null && "bytes" in value && "text" in value;
}

function isPrefix(value: unknown): value is Prefix {
  return typeof value === "object" && value !== null && "address" in value &&
    "prefixLength" in value && isAddress(value.address) && Object.keys(value).length === 2;
}

/** A number beyond 2^53 keeps its digits. TypeScript 5.9 has no type for JSON.rawJSON yet. */
function rawNumber(value: bigint): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
  return rawJSON(String(value));
}
