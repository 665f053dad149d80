import * as abi from "./abi.gen.ts";
import { BpfMap } from "./bpf_map.ts";
import { BPF_MAP_TYPE_ARRAY } from "./libbpf/kernel.gen.ts";
import type { PinDirectory } from "./pin_directory.ts";
import { indexKey } from "./struct_map.ts";

/** Name of the map that says which weir loaded the program; it goes with the program. */
const MAP = "program_version";

/**
 * Writes down which weir loaded a program, so that a rollback can tell.
 *
 * @param pins Pins of the balancer.
 * @param version Of the weir that loaded it.
 * @param next Whether the program is the one pinned beside the current one.
 */
export function keepVersion(pins: PinDirectory, version: string, next: boolean): void {
  if (!next && pins.hasMap(MAP)) return;
  using map = BpfMap.create({
    ...{ name: MAP, type: BPF_MAP_TYPE_ARRAY, keySize: 4, maxEntries: 1 },
    valueSize: abi.NAME_SIZE,
  });
  const value = new Uint8Array(abi.NAME_SIZE);
  new TextEncoder().encodeInto(version, value.subarray(0, -1));
  map.update(indexKey(0), value);
  pins.pinMap(MAP, map, next);
}

/**
 * Which weir loaded the previous program.
 *
 * @param pins Pins of the balancer, which has a previous program.
 * @returns Its version.
 */
export function previousVersion(pins: PinDirectory): string {
  using map = pins.openPreviousMap(MAP);
  const bytes = map.lookup(indexKey(0)) ?? new Uint8Array(0);
  return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
}
