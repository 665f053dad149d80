/**
 * Reads an Ethernet address of six colon-separated pairs of hexadecimal digits.
 *
 * @returns six bytes, or null
 */
export function parseMac(text: string): Uint8Array | null {
  if (!/^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/.test(text)) return null;
  return Uint8Array.from(text.split(":"), (pair) => parseInt(pair, 16));
}
