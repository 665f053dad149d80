import assert from "node:assert/strict";
import type { Family } from "../../core/addr/types.ts";
import { readU16 } from "../../core/packet/bytes.ts";
import type { PacketBuilder } from "../../core/packet/build.ts";
import { EtherType } from "../../core/packet/protocol.ts";
import type { BalancerSettings } from "../../ffi/default_settings.ts";
import type { PacketResult, Verdict } from "../support/packet_run.ts";
import { rootTest } from "../support/root_test.ts";
import { Client } from "./client.ts";
import { type VipSpec, World } from "./world.ts";

/** A packet and what becomes of it. Rows say all that moves: what they leave out stood still. */
export interface PacketRow {
  readonly name: string;
  /** Name of the VIP; the first of the table if left out. */
  readonly vip?: string;
  readonly packet: (client: Client) => PacketBuilder | Uint8Array;
  /** What happened before: earlier packets of this client, or tables. */
  readonly before?: (client: Client) => void;
  readonly verdict: Verdict;
  /** Drop reason. */
  readonly drop?: string;
  /** Index of the real that counts the packet. */
  readonly real?: number;
  /**
   * Names of the other counters that move, each by one; `name*2` by two. `{v}` stands for v4 or v6,
   * `vip.` is in front of counters of the VIP.
   */
  readonly counters?: string;
  /** Frame of the IP packet that VIP and real count, if not that of `packet`: behind a tunnel. */
  readonly counted?: (client: Client) => PacketBuilder;
  /** Both, if left out. */
  readonly families?: readonly Family[];
  /** Looks at the frame that came out. */
  readonly frame?: (frame: Uint8Array, client: Client) => void;
}

/** Rows that share a balancer. */
export interface PacketTable {
  readonly name: string;
  readonly settings?: Partial<BalancerSettings>;
  readonly vips: Readonly<Record<string, VipSpec>>;
  readonly maxFlows?: number;
  /** Fills further tables. */
  readonly prepare?: (world: World) => void;
  readonly rows: readonly PacketRow[];
}

const BOTH: readonly Family[] = [4, 6];
const FIRST_SOURCE_PORT = 20000;

/** The table as a test, each row of each family a step of it. */
export function tableTest(table: PacketTable): void {
  rootTest(`packets: ${table.name}`, async (t) => {
    const { settings = {}, vips, maxFlows } = table;
    using world = await World.load(settings, vips, maxFlows);
    table.prepare?.(world);
    const [firstVip = ""] = Object.keys(vips);
    for (const [index, row] of table.rows.entries()) {
      for (const family of row.families ?? BOTH) {
        const client = new Client(world, family, row.vip ?? firstVip, FIRST_SOURCE_PORT + index);
        await t.step(`${row.name}, IPv${family}`, () => runRow(row, client));
      }
    }
  });
}

/**
 * All counters that the row says move.
 *
 * @param row The row.
 * @returns Names as `PacketResult.counters` has them, of both families.
 */
export function countersOf(row: PacketRow): readonly string[] {
  const drops = row.drop === undefined ? [] : [`drops.${row.drop}`];
  const named = (row.families ?? BOTH).flatMap((family) => [...wanted(row, family).keys()]);
  return [`${row.verdict}.packets`, `${row.verdict}.bytes`, ...drops, ...named];
}

function runRow(row: PacketRow, client: Client): void {
  row.before?.(client);
  const made = row.packet(client);
  const sent = made instanceof Uint8Array ? made : made.bytes();
  const result = client.world.run.run(sent);
  assert.equal(result.verdict, row.verdict, JSON.stringify(result.counters));
  assertCounted(row, client, sent, result);
  if (row.verdict === "passed" && row.frame === undefined) assert.deepEqual(result.frame, sent);
  row.frame?.(result.frame, client);
}

function assertCounted(
  row: PacketRow,
  client: Client,
  sent: Uint8Array,
  { verdict, counters }: PacketResult,
): void {
  const moved = new Map(Object.entries(counters));
  assertTraffic(moved, verdict, sent.length);
  const dropped = [...moved.keys()].filter((name) => name.startsWith("drops."));
  assert.deepEqual(dropped, row.drop === undefined ? [] : [`drops.${row.drop}`]);
  for (const name of dropped) take(moved, name);
  const vip = [client.vip.index.tcp, client.vip.index.udp]
    .find((index) => moved.has(`vip ${index} packets`));
  assert.equal(vip !== undefined, row.real !== undefined, "VIP and real count together");
  if (row.real !== undefined) {
    const bytes = ipBytes(row.counted?.(client).bytes() ?? sent);
    for (const name of [`real ${row.real}`, `vip ${vip}`]) assertTraffic(moved, name, bytes, " ");
  }
  const rest = [...moved].map(([name, count]) => [name.replace(/^vip \d+ /, "vip."), count]);
  assert.deepEqual(new Map(rest.sort() as [string, number][]), wanted(row, client.family));
}

/** Takes packets and bytes, which must be 1 and so many. */
function assertTraffic(
  moved: Map<string, number>,
  name: string,
  bytes: number,
  dot = ".",
): void {
  const traffic = ["packets", "bytes"].map((field) => take(moved, `${name}${dot}${field}`));
  assert.deepEqual(traffic, [1, bytes], name);
}

function take(moved: Map<string, number>, name: string): number | undefined {
  const count = moved.get(name);
  moved.delete(name);
  return count;
}

function wanted(row: PacketRow, family: Family): ReadonlyMap<string, number> {
  const words = (row.counters ?? "").replaceAll("{v}", `v${family}`).split(" ");
  const named = words.filter((word) => word !== "").map((word): [string, number] => {
    const [name = "", count = "1"] = word.split("*");
    return [name, Number(count)];
  });
  return new Map(named.sort());
}

/** What the first IP header says of its packet: IPv4 total length, IPv6 payload length. */
function ipBytes(frame: Uint8Array): number {
  let at = 12;
  const isTag = (type: number) => type === EtherType.vlan || type === EtherType.serviceVlan;
  while (isTag(readU16(frame, at))) at += 4;
  return readU16(frame, at) === EtherType.ipv4 ? readU16(frame, at + 4) : readU16(frame, at + 6);
}
