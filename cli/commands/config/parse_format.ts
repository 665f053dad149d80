/** Whose configuration `weir import` reads. */
export type Format = "ipvsadm" | "keepalived" | "katran";

/** All of them. */
export const FORMATS: readonly Format[] = ["ipvsadm", "keepalived", "katran"];

/**
 * Reads the name of a format.
 *
 * @param input argument
 * @throws {SyntaxError} if it is none
 */
export function parseFormat(input: string): Format {
  const format = FORMATS.find((known) => known === input);
  if (format !== undefined) return format;
  throw new SyntaxError(`Expected ${FORMATS.join(", ")} but found "${input}"`);
}
