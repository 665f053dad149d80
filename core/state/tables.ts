import type { Address, Prefix } from "../addr/types.ts";
import type { Desired, DesiredTables, RealConfig, State } from "./types.ts";

/** Tables without an entry. */
export const NO_TABLES: DesiredTables = { servers: [], sources: [], destinations: [] };

/**
 * The tables of a wish; a wish without them wants them empty.
 *
 * @param desired what is wanted
 */
export function tablesOf({ tables }: Desired): DesiredTables {
  return tables ?? NO_TABLES;
}

/**
 * The reals that tables name, maybe several times.
 *
 * @param tables what is wanted of them
 */
export function tableReals({ servers, sources }: DesiredTables): readonly RealConfig[] {
  return [...servers, ...sources].map(({ real }) => real);
}

/**
 * The tables of a running balancer as they could be wished for.
 *
 * @param state what the kernel holds
 * @returns servers by id, sources and destinations by text; without entries whose real is unknown
 */
export function desiredTables({ tables, reals }: State): DesiredTables {
  const named = <T extends { readonly real: number }>(entry: T) => {
    const real = reals.get(entry.real)?.config;
    // Only the rest of a killed command can name a real that is not there.
    return real === undefined ? [] : [{ ...entry, real }];
  };
  return {
    servers: [...tables.servers].flatMap(([id, real]) => named({ id, real })),
    sources: [...tables.sources.values()].flatMap(named),
    destinations: [...tables.destinations.values()],
  };
}

/**
 * The text of a prefix: `10.0.0.0/8`. Equal prefixes have equal text.
 *
 * @param prefix a prefix
 */
export function prefixText({ address, prefixLength }: Prefix): string {
  return `${address.text}/${prefixLength}`;
}

/**
 * Whether the data plane could take an outer destination for one of the other family: its table has no
 * family, and an IPv4 address there ends in twelve zero bytes.
 *
 * @param address an outer destination
 */
export function isAmbiguousDestination({ family, bytes }: Address): boolean {
  return family === 6 && bytes.subarray(4).every((byte) => byte === 0);
}
