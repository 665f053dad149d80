import type { Run } from "./run.ts";
import type { ModelVip } from "./tables.ts";

/** What the server ids know about an id, for one VIP. */
export type Server =
  | { readonly found: "usable"; readonly real: number }
  /** The id is not mapped. */
  | { readonly found: "nothing" }
  /** Mapped to a real that is down for the VIP. */
  | { readonly found: "down" }
  /** Mapped to a real that has no entry. */
  | { readonly found: "inactive" };

/** Translates a server id to a real of the VIP. */
export function lookUpServer(run: Run, vip: ModelVip, id: number): Server {
  const real = run.tables.realOfServerId(id);
  if (real === null) return { found: "nothing" };
  if (run.tables.activeReal(real) === null) return { found: "inactive" };
  return run.tables.isUsable(vip, real) ? { found: "usable", real } : { found: "down" };
}
