import type { Draft, DraftVip } from "./draft.ts";

/** Schedulers that hash, as Maglev does. */
const HASHING: ReadonlySet<string> = new Set(["sh", "mh", "maglev"]);

/**
 * What becomes of an IPVS scheduler: Maglev, by client address alone where that scheduler does so.
 *
 * @param name as ipvsadm and keepalived call it
 * @param ports whether a hashing scheduler takes the client's port in
 */
export function scheduler(draft: Draft, vip: DraftVip, name: string, ports: boolean): void {
  if (!HASHING.has(name)) {
    draft.note(`scheduler "${name}" becomes Maglev: flows are shared by weight, not by load`);
  } else if (!ports) draft.flag(vip, "no-source-port");
}

/**
 * Reads a number, or says that it is none.
 *
 * @returns 1 if it is none
 */
export function wholeNumber(draft: Draft, what: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  draft.note(`${what} "${text}" is no number: 1 is used`);
  return 1;
}
