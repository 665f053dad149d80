import { desiredTables, prefixText } from "../../core/state/tables.ts";
import type { RealConfig, State } from "../../core/state/types.ts";
import { table, type TableOptions } from "../term/table.ts";

/** A server id or a source prefix, and the real it stands for. */
export interface RouteRow {
  readonly id?: number;
  readonly prefix?: string;
  readonly real: string;
  readonly name: string;
}

/** `weir server list --json`, `weir source list --json` */
export interface RouteListData {
  readonly balancer: string;
  readonly routes: readonly RouteRow[];
}

/** `weir decap destination list --json` */
export interface DestinationListData {
  readonly balancer: string;
  /** What is stripped from packets to these destinations. */
  readonly strips: readonly ("ipip" | "gue")[];
  readonly destinations: readonly { readonly address: string; readonly action: string }[];
}

/** The server ids of a balancer, ascending. */
export function serverListData(state: State): RouteListData {
  const routes = desiredTables(state).servers.map(({ id, real }) => ({ id, ...realOf(real) }));
  return { balancer: state.balancer, routes: routes.sort((a, b) => a.id - b.id) };
}

/** The source prefixes of a balancer, sorted by text. */
export function sourceListData(state: State): RouteListData {
  const routes = desiredTables(state).sources.map(({ prefix, real }) => ({
    prefix: prefixText(prefix),
    ...realOf(real),
  }));
  return { balancer: state.balancer, routes: routes.sort((a, b) => a.prefix < b.prefix ? -1 : 1) };
}

/**
 * The decapsulation destinations of a balancer, sorted by text.
 *
 * @param state what the kernel holds
 * @param strips what is switched on
 */
export function destinationListData(
  state: State,
  strips: DestinationListData["strips"],
): DestinationListData {
  const destinations = [...state.tables.destinations.values()]
    .map(({ address, action }) => ({ address: address.text, action }))
    .sort((a, b) => a.address < b.address ? -1 : 1);
  return { balancer: state.balancer, strips, destinations };
}

/**
 * Draws server ids or source prefixes.
 *
 * @param data the routes
 * @param title of the first column
 * @param empty what to say if there is none
 * @param options width and colour
 */
export function routeLines(
  { routes }: RouteListData,
  title: string,
  empty: string,
  options: TableOptions,
): readonly string[] {
  if (routes.length === 0) return [empty];
  const columns = [
    { title, align: title === "ID" ? "right" : "left" },
    { title: "REAL" },
    { title: "NAME", flexible: true },
  ] as const;
  const rows = routes.map(({ id, prefix, real, name }) => [prefix ?? String(id), real, name]);
  return table(columns, rows, options);
}

/**
 * Draws decapsulation destinations; without anything to strip they do nothing.
 *
 * @param data the destinations
 * @param options width and colour
 */
export function destinationLines(
  { destinations, strips }: DestinationListData,
  options: TableOptions,
): readonly string[] {
  if (destinations.length === 0) {
    return ["No destinations; add one with: weir decap destination add <address>"];
  }
  const rows = destinations.map(({ address, action }) => [address, action]);
  const off = options.style.yellow(
    "! Nothing is stripped; turn it on with: weir upgrade --decap-ipip --decap-gue",
  );
  return [
    ...table([{ title: "DESTINATION" }, { title: "ACTION" }], rows, options),
    ...(strips.length === 0 ? [off] : []),
  ];
}

function realOf({ address, name }: RealConfig): { readonly real: string; readonly name: string } {
  return { real: address.text, name };
}
