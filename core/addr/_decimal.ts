/**
 * Reads a decimal number the strict way: digits only, no leading zero, at most `max`.
 *
 * @returns the number, or null
 */
export function parseDecimal(text: string, max: number): number | null {
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(text)) return null;
  const value = Number(text);
  return value <= max ? value : null;
}
