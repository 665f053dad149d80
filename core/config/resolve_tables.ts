import { prefixText } from "../state/tables.ts";
import type { DesiredTables } from "../state/types.ts";
import type { Path } from "./document.ts";
import { type Resolution, twice, wordReal } from "./resolution.ts";
import type { ConfigForm } from "./schema.ts";

/**
 * The tables beside the VIPs, with reals in the place of their names.
 *
 * @param form weir.yaml with every value read
 * @param resolution takes mistakes: entries given twice, names that stand for nothing
 */
export function resolveTables(form: ConfigForm, resolution: Resolution): DesiredTables {
  const { servers, sources, balancer } = form;
  const destinations = balancer?.decap?.destinations ?? [];
  refuseTwice(servers.map(({ id }) => `Server id "${id}"`), ["servers"], resolution);
  refuseTwice(sources.map((s) => `Source "${prefixText(s.prefix)}"`), ["sources"], resolution);
  refuseTwice(
    destinations.map(({ address }) => `Destination "${address.text}"`),
    ["balancer", "decap", "destinations"],
    resolution,
  );
  const realOf = (word: string, path: Path) => wordReal(word, [...path, "real"], resolution);
  return {
    servers: servers.flatMap(({ id, real: word }, index) => {
      const real = realOf(word, ["servers", index]);
      return real === null ? [] : [{ id, real }];
    }),
    sources: sources.flatMap(({ prefix, real: word }, index) => {
      const real = realOf(word, ["sources", index]);
      return real === null ? [] : [{ prefix, real }];
    }),
    destinations: destinations.map(({ address, action }) => ({ address, action })),
  };
}

function refuseTwice(
  names: readonly string[],
  path: Path,
  { document, mistakes }: Resolution,
): void {
  const seen = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const offset = document.valueAt([...path, index]);
    const first = seen.get(name);
    if (first === undefined) seen.set(name, offset);
    else mistakes.push(twice(document, offset, first, name));
  }
}
