import { parseAddress } from "../addr/parse_address.ts";
import type { Address } from "../addr/types.ts";
import type { RealConfig } from "../state/types.ts";
import type { Document, Mistake, Path } from "./document.ts";
import { nearest } from "./nearest.ts";

/** Named reals, and what goes wrong on the way. */
export interface Resolution {
  readonly document: Document;
  readonly byName: ReadonlyMap<string, RealConfig>;
  readonly byAddress: ReadonlyMap<string, RealConfig>;
  readonly mistakes: Mistake[];
}

/**
 * The real of an address: a named one, or one with default settings.
 *
 * @param address of the real
 * @param resolution knows the named ones
 */
export function addressReal(address: Address, { byAddress }: Resolution): RealConfig {
  return byAddress.get(address.text) ?? { address, name: "", local: false, encap: null };
}

/**
 * Finds a real by its name.
 *
 * @param name as written
 * @param path where it stands
 * @param resolution takes the mistake if nothing has the name
 */
export function namedReal(name: string, path: Path, resolution: Resolution): RealConfig | null {
  const { document, byName, mistakes } = resolution;
  const named = byName.get(name);
  if (named !== undefined) return named;
  const near = nearest(name, byName.keys());
  const hint = near === null ? "" : `; did you mean "${near}"?`;
  // What looks like an address was meant to be one.
  const message = /[:/]|^[\d.]+$/.test(name)
    ? `Expected the name or address of a real but found "${name}"`
    : `No real is called "${name}"${hint}`;
  mistakes.push({ offset: document.valueAt(path), message });
  return null;
}

/**
 * Finds the real that a word names or whose address it is; a name wins.
 *
 * @param word name or address
 * @param path where it stands
 * @param resolution takes the mistake if the word is neither
 */
export function wordReal(word: string, path: Path, resolution: Resolution): RealConfig | null {
  const address = resolution.byName.has(word) ? null : parseAddress(word);
  const isAddress = address !== null && address.bytes.some((byte) => byte !== 0);
  return isAddress ? addressReal(address, resolution) : namedReal(word, path, resolution);
}

/**
 * Says that something may stand only once.
 *
 * @param document where both stand
 * @param offset of the second
 * @param first offset of the first
 * @param what it is
 */
export function twice(document: Document, offset: number, first: number, what: string): Mistake {
  return {
    offset,
    message: `${what} is given twice, first in line ${document.position(first).line}`,
  };
}
