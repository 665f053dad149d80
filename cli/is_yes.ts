/**
 * Whether an answer means yes; everything but `y` and `yes` means no.
 *
 * @param answer what the user typed
 */
export function isYes(answer: string): boolean {
  return /^\s*y(es)?\s*$/i.test(answer);
}
