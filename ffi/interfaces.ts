import { parseMac } from "../core/addr/parse_mac.ts";
import { cString, fromCString } from "./c_string.ts";
import { checkErrno, DataplaneError } from "./errors.ts";
import { libc } from "./libbpf/open.ts";

/** IFNAMSIZ. */
const NAME_ROOM = 16;

/**
 * The index of a network interface.
 *
 * @param name Like `eth0`.
 * @returns Its index, from 1.
 * @throws {DataplaneError} When there is none in this network namespace.
 */
export function interfaceIndex(name: string): number {
  const index = libc().if_nametoindex(cString(name));
  checkErrno(index === 0, "find interface", name, {
    ENODEV: 'list the interfaces with "ip link"',
    ENXIO: 'list the interfaces with "ip link"',
  });
  return index;
}

/**
 * The name of a network interface.
 *
 * @param index Its index.
 * @returns Its name, or null when there is none any more.
 */
export function interfaceName(index: number): string | null {
  const name = new Uint8Array(NAME_ROOM);
  const pointer = libc().if_indextoname(index, name);
  return pointer === null ? null : fromCString(pointer);
}

/**
 * The MAC of a network interface that has an address.
 *
 * @param name Like `eth0`.
 * @returns Six bytes.
 * @throws {DataplaneError} When it has no IP address, or is no Ethernet interface.
 */
export function interfaceMac(name: string): Uint8Array {
  // Not from /sys: that shows the network namespace it was mounted in.
  const found = Deno.networkInterfaces().find((one) => one.name === name);
  const mac = found === undefined ? null : parseMac(found.mac);
  if (mac !== null) return mac;
  throw new DataplaneError({
    action: "find the MAC of",
    object: name,
    errno: null,
    reason: "it has no IP address",
    hint: `give it one: ip address add <address> dev ${name}`,
  });
}
