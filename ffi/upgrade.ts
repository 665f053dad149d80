import * as abi from "./abi.gen.ts";
import { BalancerMaps } from "./balancer_maps.ts";
import type { BalancerSettings } from "./default_settings.ts";
import {
  type HostConfig,
  OWN_MAPS,
  PROGRAM,
  reloadBalancer,
  tableSettingsOf,
} from "./load_balancer.ts";
import { frozenSettings } from "./frozen_settings.ts";
import { migrateBalancer, type Migration, MIGRATIONS } from "./migrate.ts";
import { Pins } from "./pins.ts";
import { keepVersion } from "./program_version.ts";

/** What a balancer is upgraded to. */
export interface UpgradeOptions {
  /** Its name. */
  readonly balancer: string;
  /** The ELF file, dist/bpf/lb.bpf.o. */
  readonly object: Uint8Array;
  /** Settings that change; the others stay. These two stay: they are summed up in every real. */
  readonly settings: Partial<Omit<BalancerSettings, "ttl" | "ipip_source_v4">>;
  /** What the program reads while it runs; it changes once the new program does. */
  readonly host?: Partial<HostConfig>;
  /** Version of weir, kept for `status`. */
  readonly version: string;
  /** Mount point; /sys/fs/bpf if left out. */
  readonly bpffs?: string;
}

/**
 * Replaces program and settings of a running balancer between two packets: all maps stay, no packet
 * is lost. Killed at any moment it leaves the old program or the new one, whole.
 *
 * @param options What to replace by what.
 * @param migrations Ways from other layout versions, whose maps are copied while the old program
 *   still forwards.
 * @throws {DataplaneError} When there is no such balancer, its maps are of another version of weir, or
 *   the kernel refuses the program.
 */
export function upgradeBalancer(
  options: UpgradeOptions,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  const pins = new Pins(options.balancer, options.bpffs);
  pins.requireExisting();
  using hook = pins.openHook();
  pins.finishAdopt(hook.programId());
  if (isOtherLayout(pins)) return migrateBalancer(pins, options, migrations);
  using maps = new BalancerMaps((name) => pins.openMap(name));
  keepVersion(pins, maps.info.get().version, false);
  using object = reloadBalancer({
    object: options.object,
    settings: { ...maps.settings, ...options.settings },
    open: (name) => pins.openMap(name),
    tables: tableSettingsOf(maps.settings),
  });
  const own = object.mapNames().filter((name) => OWN_MAPS.includes(name));
  // Pinned before it runs: an unpinned prog array is emptied when this process ends.
  pins.pinNext(object, PROGRAM, own);
  keepVersion(pins, options.version, true);
  using program = object.program(PROGRAM);
  hook.replace(program);
  pins.adopt();
  if (options.host !== undefined) maps.host.set(options.host);
  maps.info.set({ version: options.version });
}

function isOtherLayout(pins: Pins): boolean {
  using rodata = pins.openMap(".rodata");
  return frozenSettings(rodata).version !== abi.WEIR_ABI_VERSION;
}
