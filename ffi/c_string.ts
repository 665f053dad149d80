/**
 * Text as C wants it.
 *
 * @param text Without NUL.
 * @returns UTF-8, ended by NUL.
 */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/**
 * Reads text that C returned.
 *
 * @param pointer Start of a string ended by NUL, or NULL.
 * @returns The text; empty for NULL.
 */
export function fromCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : new Deno.UnsafePointerView(pointer).getCString();
}
