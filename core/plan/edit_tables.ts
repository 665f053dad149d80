import type { Address, Prefix } from "../addr/types.ts";
import { prefixText, tablesOf } from "../state/tables.ts";
import type { DecapAction, Desired, DesiredTables, RealConfig } from "../state/types.ts";
import type { Edit } from "./edit.ts";
import { PlanError } from "./plan_error.ts";

/** Lets a server id stand for a real; an id that stands for another changes. */
export function setServer(id: number, address: Address): Edit {
  return (desired) => {
    const entry = { id, real: realOf(desired, address) };
    const others = tablesOf(desired).servers.filter((server) => server.id !== id);
    return withTables(desired, { servers: [...others, entry] });
  };
}

/** Lets a server id stand for nothing. */
export function deleteServer(id: number): Edit {
  return (desired) => {
    const { servers } = tablesOf(desired);
    const others = servers.filter((server) => server.id !== id);
    if (others.length === servers.length) {
      throw new PlanError(
        `Cannot delete server id "${id}": there is none`,
        "see: weir server list",
      );
    }
    return withTables(desired, { servers: others });
  };
}

/** Sends clients of a prefix to a real; a prefix that goes to another changes. */
export function setSource(prefix: Prefix, address: Address): Edit {
  return (desired) => {
    const entry = { prefix, real: realOf(desired, address) };
    return withTables(desired, { sources: [...otherSources(desired, prefix), entry] });
  };
}

/** Leaves clients of a prefix to the ring. */
export function deleteSource(prefix: Prefix): Edit {
  return (desired) => {
    const sources = otherSources(desired, prefix);
    if (sources.length === tablesOf(desired).sources.length) {
      const name = prefixText(prefix);
      throw new PlanError(`Cannot delete source "${name}": there is none`, "see: weir source list");
    }
    return withTables(desired, { sources });
  };
}

/** Lists an outer destination for inline decapsulation; one that is listed changes its action. */
export function setDestination(address: Address, action: DecapAction): Edit {
  return (desired) => {
    const destinations = [...otherDestinations(desired, address), { address, action }];
    return withTables(desired, { destinations });
  };
}

/** Lets tunnel packets to an outer destination pass. */
export function deleteDestination(address: Address): Edit {
  return (desired) => {
    const destinations = otherDestinations(desired, address);
    if (destinations.length === tablesOf(desired).destinations.length) {
      throw new PlanError(
        `Cannot delete decapsulation destination "${address.text}": there is none`,
        "see: weir decap destination list",
      );
    }
    return withTables(desired, { destinations });
  };
}

function otherSources(desired: Desired, prefix: Prefix): DesiredTables["sources"] {
  const text = prefixText(prefix);
  return tablesOf(desired).sources.filter((source) => prefixText(source.prefix) !== text);
}

function otherDestinations(desired: Desired, address: Address): DesiredTables["destinations"] {
  return tablesOf(desired).destinations.filter((entry) => entry.address.text !== address.text);
}

function withTables(desired: Desired, change: Partial<DesiredTables>): Desired {
  return { ...desired, tables: { ...tablesOf(desired), ...change } };
}

/** The real of this address with the settings it has, if anything names it. */
function realOf(desired: Desired, address: Address): RealConfig {
  const { servers, sources } = tablesOf(desired);
  const members = desired.vips.flatMap((vip) => vip.members);
  const known = [...members, ...servers, ...sources]
    .find(({ real }) => real.address.text === address.text);
  return known?.real ?? { address, name: "", local: false, encap: null };
}
