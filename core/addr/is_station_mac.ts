/**
 * Whether a MAC can be that of one interface: neither zero nor a group's.
 *
 * @param mac six bytes
 */
export function isStationMac(mac: Uint8Array): boolean {
  return mac.some((byte) => byte !== 0) && ((mac[0] ?? 0) & 1) === 0;
}
