import * as abi from "./abi.gen.ts";
import type { BpfObject } from "./bpf_object.ts";
import { type ConvertValue, copyMap } from "./copy_map.ts";
import { decode } from "./codec.ts";
import { DataplaneError } from "./errors.ts";
import { frozenSettings } from "./frozen_settings.ts";
import { loadBalancer, OWN_MAPS, PROGRAM, tableSettingsOf } from "./load_balancer.ts";
import { BalancerInfoMap } from "./maps/balancer_info.ts";
import type { Pins } from "./pins.ts";
import { keepVersion } from "./program_version.ts";
import { indexKey } from "./struct_map.ts";
import type { UpgradeOptions } from "./upgrade.ts";

/** How the maps of one layout version become those of this weir. */
export interface Migration {
  /** Layout version of the maps that there are (WEIR_ABI_VERSION of the weir that made them). */
  readonly from: number;
  /** The frozen settings of that version in today's form. */
  readonly settings: (old: Uint8Array) => Omit<abi.Settings, "abi_version">;
  /** Values of maps whose layout differs, by map; the inner ones of maps of maps. Others are copied. */
  readonly values: Readonly<Record<string, ConvertValue>>;
}

/** One for each layout version that was ever released, each to the present one. There is none yet. */
export const MIGRATIONS: readonly Migration[] = [];

/** Maps that the running program writes for each packet: copied last, right before the exchange. */
const BUSY: readonly string[] = [
  "flows",
  "global_flows",
  "counters",
  "vip_counters",
  "real_counters",
];

/** Set at load, and a ring of open descriptors. */
const OTHERWISE: readonly string[] = [".data.host", "events"];

const unchanged: ConvertValue = (value) => value;

/**
 * Replaces program and maps of a running balancer by those of another layout version. The old program
 * forwards on the old maps until the exchange, which happens between two packets. What it counts and
 * remembers while the last maps are copied, some milliseconds, is lost: counters miss a few packets,
 * and flows that began just then follow the ring. The old program is not kept for a rollback, for its
 * maps would be out of date with the next change.
 *
 * @param pins Pins of the balancer.
 * @param options As for `upgradeBalancer`.
 * @param migrations All that are known.
 * @throws {DataplaneError} When there is no way from that version, or the kernel refuses.
 */
export function migrateBalancer(
  pins: Pins,
  options: UpgradeOptions,
  migrations: readonly Migration[],
): void {
  const migration = findMigration(pins, migrations);
  using object = loadNew(pins, options, migration);
  const calm = object.mapNames().filter((name) =>
    ![...OWN_MAPS, ...OTHERWISE, ...BUSY].includes(name)
  );
  for (const name of calm) copy(pins, object, name, migration);
  pins.pinNext(object, PROGRAM, object.mapNames());
  keepVersion(pins, options.version, true);
  using program = object.program(PROGRAM);
  using hook = pins.openHook();
  for (const name of BUSY) copy(pins, object, name, migration);
  hook.replace(program);
  pins.adopt();
  pins.forgetPrevious();
  using info = object.map("balancer_info");
  new BalancerInfoMap(info).set({ version: options.version, abi_version: abi.WEIR_ABI_VERSION });
}

function findMigration(pins: Pins, migrations: readonly Migration[]): Migration {
  using rodata = pins.openMap(".rodata");
  const { version } = frozenSettings(rodata);
  const found = migrations.find(({ from }) => from === version);
  if (found !== undefined) return found;
  throw new DataplaneError({
    action: "upgrade balancer",
    object: pins.balancer,
    errno: null,
    reason: `its maps have version ${version}, and this weir knows no way from there to ` +
      `${abi.WEIR_ABI_VERSION}`,
    hint: "use a weir between the two, or detach and attach again",
  });
}

/** The new program with empty maps of its own, as large as the old ones. */
function loadNew(pins: Pins, options: UpgradeOptions, { settings, values }: Migration): BpfObject {
  using rodata = pins.openMap(".rodata");
  using host = pins.openMap(".data.host");
  using vips = pins.openMap("vip_info");
  using reals = pins.openMap("real_info");
  const old = settings(frozenSettings(rodata).bytes);
  const bytes = host.lookup(indexKey(0)) ?? new Uint8Array(0);
  const convert = values[".data.host"] ?? unchanged;
  return loadBalancer({
    object: options.object,
    settings: { ...old, ...options.settings },
    capacity: {
      maxVips: vips.info.max_entries,
      maxReals: reals.info.max_entries,
      maxFlows: (old.flow_bucket_mask + 1) * abi.FLOW_WAYS,
    },
    host: { ...decode(abi.Host, convert(bytes).subarray(0, abi.Host.size)), ...options.host },
    // Entries stay in their buckets.
    tables: tableSettingsOf(old),
  });
}

function copy(pins: Pins, object: BpfObject, name: string, { values }: Migration): void {
  // A map that the old version did not have stays empty.
  if (!pins.hasMap(name)) return;
  using from = pins.openMap(name);
  using to = object.map(name);
  copyMap(from, to, values[name] ?? unchanged);
}
