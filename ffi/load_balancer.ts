import type { Capacity } from "../core/state/types.ts";
import * as abi from "./abi.gen.ts";
import type { BpfMap } from "./bpf_map.ts";
import { BpfObject } from "./bpf_object.ts";
import { encode } from "./codec.ts";
import type { BalancerSettings, TableSettings } from "./default_settings.ts";
import { fitSettings } from "./features.ts";
import { kernelFeatures } from "./kernel_features.ts";
import { createRingTemplate } from "./maps/rings.ts";
import { createVipTable } from "./maps/vip_tables.ts";
import { indexKey } from "./struct_map.ts";

/** What the host side of a balancer starts with. */
export type HostConfig =
  & Pick<abi.Host, "gateway_mac" | "gue_source_v4" | "gue_source_v6">
  & Partial<Pick<abi.Host, "gateway_auto">>;

/** What a balancer is loaded with. */
export interface LoadOptions {
  /** The ELF file, dist/bpf/lb.bpf.o. */
  readonly object: Uint8Array;
  readonly settings: BalancerSettings;
  readonly capacity: Capacity;
  readonly host: HostConfig & Partial<Pick<abi.Host, "any_port_vips" | "events_on">>;
  /** How tables are built; left out: as the sizes ask for, with a seed of their own. */
  readonly tables?: TableSettings;
}

/** The function that is attached. */
export const PROGRAM = "weir_lb";
/** The function that takes a packet after inline decapsulation. */
const INNER_PROGRAM = "weir_lb_inner";
/** Real indices have 15 bits in a slot. */
const MAX_REALS = abi.SLOT_REAL_MASK + 1;
const MAX_VIPS = 0x10000;
/** Small tables fill up unevenly. */
const MIN_BUCKETS = 64;

/**
 * Loads the load balancer: sizes, settings, verifier. Nothing is attached or pinned.
 *
 * @param options Program and sizes.
 * @returns The loaded object; disposing of it leaves what was pinned or opened.
 * @throws {RangeError} When a size is out of range.
 * @throws {DataplaneError} When the kernel refuses.
 */
export function loadBalancer(options: LoadOptions): BpfObject {
  const { capacity: { maxVips, maxReals, maxFlows }, settings, host } = options;
  checkSize("VIPs", maxVips, 1, MAX_VIPS);
  checkSize("reals", maxReals, 2, MAX_REALS);
  checkSize("flows", maxFlows, 1, 2 ** 31);
  const tables = options.tables ?? tableSettings(maxVips, maxFlows);
  using guard = new DisposableStack();
  const object = guard.use(BpfObject.open("lb", options.object));
  using table = createVipTable(tables.vip_bucket_mask + 1);
  object.setInnerMap("vip_tables", table);
  using ring = createRingTemplate();
  object.setInnerMap("rings", ring);
  for (const map of ["rings", "vip_counters", "vip_info"]) object.setMaxEntries(map, maxVips);
  for (const map of ["reals", "real_counters", "real_info"]) object.setMaxEntries(map, maxReals);
  object.setMaxEntries("vip_cidrs", 2 * maxVips);
  object.setMaxEntries("flows", tables.flow_bucket_mask + 1);
  object.setMaxEntries("global_flows", settings.global_flows === 0 ? 1 : maxFlows);
  setSettings(object, settings, tables);
  object.setVariable(
    ".data.host",
    "host",
    encode(abi.Host, { events_on: 0, any_port_vips: 0, gateway_auto: 0, ...host }),
  );
  object.load();
  linkRecirculation(object);
  guard.move();
  return object;
}

/** What an upgraded balancer is loaded with. */
export interface ReloadOptions {
  /** The ELF file, dist/bpf/lb.bpf.o. */
  readonly object: Uint8Array;
  readonly settings: BalancerSettings;
  /** Opens a map of the running balancer by its name. */
  readonly open: (name: string) => BpfMap;
  /** How the running balancer's tables are built. */
  readonly tables: TableSettings;
}

/** Maps that belong to one program, and are made anew with it. */
export const OWN_MAPS: readonly string[] = [".rodata", ".bss", "recirculation", "scratch"];

/**
 * Loads another program or other settings on the maps of a running balancer.
 *
 * @param options Program, settings and maps.
 * @returns The loaded object.
 * @throws {DataplaneError} When the kernel refuses.
 */
export function reloadBalancer({ object, settings, open, tables }: ReloadOptions): BpfObject {
  using guard = new DisposableStack();
  const loaded = guard.use(BpfObject.open("lb", object));
  for (const name of loaded.mapNames().filter((name) => !OWN_MAPS.includes(name))) {
    using map = open(name);
    loaded.reuseMap(name, map);
  }
  setSettings(loaded, settings, tables);
  loaded.load();
  linkRecirculation(loaded);
  guard.move();
  return loaded;
}

function setSettings(object: BpfObject, wanted: BalancerSettings, tables: TableSettings): void {
  const { settings } = fitSettings(wanted, kernelFeatures());
  const value = { abi_version: abi.WEIR_ABI_VERSION, ...settings, ...tables };
  object.setVariable(".rodata", "settings", encode(abi.Settings, value));
}

/** Sizes for the tables: VIPs at most half full when each has an address of its own. */
function tableSettings(maxVips: number, maxFlows: number): TableSettings {
  return {
    vip_bucket_mask: powerOfTwo(Math.max(2 * maxVips, MIN_BUCKETS)) - 1,
    flow_bucket_mask: powerOfTwo(Math.ceil(maxFlows / abi.FLOW_WAYS)) - 1,
    flow_seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  };
}

/**
 * The part of the settings that stays as long as the tables do.
 *
 * @param settings Of a running balancer.
 * @returns How its tables are built.
 */
export function tableSettingsOf(settings: TableSettings): TableSettings {
  const { vip_bucket_mask, flow_bucket_mask, flow_seed } = settings;
  return { vip_bucket_mask, flow_bucket_mask, flow_seed };
}

/** The next power of two. */
function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(least));
}

function linkRecirculation(object: BpfObject): void {
  using programs = object.map("recirculation");
  using inner = object.program(INNER_PROGRAM);
  programs.update(indexKey(0), indexKey(inner.fd));
}

function checkSize(what: string, size: number, least: number, most: number): void {
  if (Number.isInteger(size) && size >= least && size <= most) return;
  throw new RangeError(
    `Cannot make room for "${size}" ${what}: want an integer from ${least} to ${most}`,
  );
}
