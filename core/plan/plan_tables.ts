import type { Write } from "../dataplane.ts";
import { prefixText, tablesOf } from "../state/tables.ts";
import type { Desired, State } from "../state/types.ts";
import type { RealTarget } from "./target.ts";
import type { Change, EntryChange } from "./types.ts";

/** What becomes of the tables that VIPs look into: server ids, sources, decapsulation. */
export interface TablesPlan {
  /** Entries to come or to change: after their reals, before VIPs that may need them. */
  readonly before: readonly Write[];
  /** Entries to go: after VIPs that may have needed them, before their reals. */
  readonly after: readonly Write[];
  readonly changes: readonly Change[];
}

/** One entry of a table as text and as what is written. */
interface Entry {
  readonly value: string;
  readonly write: Write;
}

type Entries = ReadonlyMap<string, Entry>;
type Table = EntryChange["table"];

/**
 * Compares the tables entry by entry.
 *
 * @param state what the kernel holds
 * @param desired what is wanted
 * @param reals the wish's reals by index
 */
export function planTables(
  state: State,
  desired: Desired,
  reals: ReadonlyMap<number, RealTarget>,
): TablesPlan {
  const indices = new Map([...reals].map(([index, { config }]) => [config.address.text, index]));
  const wanted = wantedEntries(desired, (address) => indices.get(address) ?? 0);
  const present = presentEntries(state);
  const parts = (["server", "source", "destination"] as const).map((table) =>
    compare(table, present[table], wanted[table])
  );
  return {
    before: parts.flatMap(({ before }) => before),
    after: parts.flatMap(({ after }) => after),
    changes: parts.flatMap(({ changes }) => changes),
  };
}

function compare(table: Table, present: Entries, wanted: Entries): TablesPlan {
  const before: Write[] = [];
  const after: Write[] = [];
  const changes: Change[] = [];
  for (const [key, { value: from, write }] of present) {
    if (wanted.has(key)) continue;
    after.push(removal(write));
    changes.push({ kind: "entry-removed", table, key, value: from });
  }
  for (const [key, { value, write }] of wanted) {
    const from = present.get(key)?.value;
    if (from === value) continue;
    before.push(write);
    changes.push(
      from === undefined
        ? { kind: "entry-added", table, key, value }
        : { kind: "entry-changed", table, key, from, to: value },
    );
  }
  return { before, after, changes };
}

function wantedEntries(
  desired: Desired,
  indexOf: (address: string) => number,
): Readonly<Record<Table, Entries>> {
  const { servers, sources, destinations } = tablesOf(desired);
  return {
    server: new Map(
      servers.map(({ id, real: { address: { text } } }) => [String(id), {
        value: text,
        write: { op: "server-id", id, real: indexOf(text) },
      }]),
    ),
    source: new Map(
      sources.map(({ prefix, real: { address: { text } } }) => [prefixText(prefix), {
        value: text,
        write: { op: "source", prefix, real: indexOf(text) },
      }]),
    ),
    destination: new Map(
      destinations.map(({ address, action }) => [address.text, {
        value: action,
        write: { op: "decap-destination", address, action },
      }]),
    ),
  };
}

function presentEntries({ tables, reals }: State): Readonly<Record<Table, Entries>> {
  const nameOf = (real: number) => reals.get(real)?.config.address.text ?? `#${real}`;
  return {
    server: new Map(
      [...tables.servers].map(([id, real]) => [String(id), {
        value: nameOf(real),
        write: { op: "server-id", id, real },
      }]),
    ),
    source: new Map(
      [...tables.sources].map(([text, { prefix, real }]) => [text, {
        value: nameOf(real),
        write: { op: "source", prefix, real },
      }]),
    ),
    destination: new Map(
      [...tables.destinations].map(([text, { address, action }]) => [text, {
        value: action,
        write: { op: "decap-destination", address, action },
      }]),
    ),
  };
}

function removal(write: Write): Write {
  switch (write.op) {
    case "server-id":
    case "source":
      return { ...write, real: null };
    case "decap-destination":
      return { ...write, action: null };
    default:
      return write;
  }
}
