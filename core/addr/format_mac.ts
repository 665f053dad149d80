/**
 * Writes an Ethernet address in lower case: `02:00:00:00:00:01`.
 *
 * @param bytes six bytes in network order
 */
export function formatMac(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
