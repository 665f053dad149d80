import { formatMac } from "../core/addr/format_mac.ts";
import { parseMac } from "../core/addr/parse_mac.ts";
import type { Address } from "../core/addr/types.ts";
import type { Settings } from "../core/config/settings.ts";
import type { Dataplane } from "../core/dataplane.ts";
import { attachBalancer, detachBalancer } from "../ffi/attach.ts";
import { discoverGateway } from "../ffi/gateway.ts";
import { inspectLink as ffiInspectLink } from "../ffi/inspect_link.ts";
import { KernelDataplane } from "../ffi/kernel_dataplane.ts";
import { localAddresses } from "../ffi/local_addresses.ts";
import { refuseNetnsExec } from "../ffi/netns_exec.ts";
import { Pins } from "../ffi/pins.ts";
import { previousProgram, rollbackBalancer } from "../ffi/rollback.ts";
import { upgradeBalancer } from "../ffi/upgrade.ts";
import type {
  Attachment,
  AttachRequest,
  AttachResult,
  LinkReport,
  PreviousProgram,
  UpgradeRequest,
} from "./host.ts";
import {
  DEFAULT_CAPACITY,
  featureSettings,
  givenHostSettings,
  givenSettings,
  kernelSettings,
  settingsFeatures,
  settingsOf,
} from "./kernel_settings.ts";
import { betterGateway, firstReal } from "./next_hop.ts";
import { notAttached } from "./open_balancer.ts";
import { VERSION } from "./version.ts";

/** @returns null if there is no such balancer */
export function openDataplane(balancer: string): Dataplane | null {
  return exists(new Pins(balancer)) ? KernelDataplane.open(balancer) : null;
}

/** Names of the balancers of this host, in order. */
export function balancers(): readonly string[] {
  const names = Pins.list();
  if (names.length === 0) refuseNetnsExec();
  return names;
}

/** @returns null if there is no such balancer */
export function describe(balancer: string): Attachment | null {
  const pins = new Pins(balancer);
  if (!exists(pins)) return null;
  using dataplane = KernelDataplane.open(balancer);
  const { info, host, settings } = dataplane.maps;
  const { ifname, mode, version, attached_at } = info.get();
  using hook = pins.openHook();
  using program = pins.openProgram();
  const { id } = program.info();
  return {
    balancer,
    ifname,
    mode,
    gatewayMac: formatMac(host.get().gateway_mac),
    gatewayAuto: host.get().gateway_auto !== 0,
    version,
    attachedAt: Number(attached_at),
    features: settingsFeatures(settings),
    settings: settingsOf(settings, host.get()),
    programId: hook.programId() === id ? id : null,
  };
}

/** @returns null if the interface is not in this network namespace */
export async function inspectLink(
  balancer: string,
  towards: Address | null,
): Promise<LinkReport | null> {
  using dataplane = KernelDataplane.open(balancer);
  const { ifname, ifindex } = dataplane.maps.info.get();
  const link = await ffiInspectLink(ifname, ifindex, towards);
  if (link === null) return null;
  return {
    ...link,
    hops: link.hops.map(({ address, mac }) => ({ address, mac: formatMac(mac) })),
    neighbours: link.neighbours.map(formatMac),
  };
}

/**
 * Finds the next hop, loads the program and attaches it.
 *
 * @throws {DataplaneError} if the kernel refuses or nobody answers for the next hop
 */
export async function attach(request: AttachRequest): Promise<AttachResult> {
  const { balancer, ifname, config, features, chain } = request;
  const { LOAD_BALANCER } = await import("./bpf_objects.ts");
  const { fallback, replaced } = attachBalancer({
    balancer,
    ifname,
    mode: config.mode ?? "auto",
    replace: request.replace,
    ...(chain === null ? {} : { chain }),
    version: VERSION,
    object: LOAD_BALANCER,
    settings: kernelSettings(config, features),
    capacity: {
      maxVips: config.maxVips ?? DEFAULT_CAPACITY.maxVips,
      maxReals: config.maxReals ?? DEFAULT_CAPACITY.maxReals,
      maxFlows: config.maxFlows ?? DEFAULT_CAPACITY.maxFlows,
    },
    host: {
      gue_source_v4: new Uint8Array(4),
      gue_source_v6: new Uint8Array(16),
      ...givenHostSettings({ ...gueSources(ifname), ...config }),
      ...await gateway(request),
    },
  });
  const attachment = describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  return { ...attachment, fallback: fallback?.message ?? null, replaced };
}

/** Takes the balancer off its interface; nothing of it stays. */
export function detach(balancer: string): void {
  detachBalancer(balancer);
}

/** Replaces the program, turns features on and changes settings; no packet is lost. */
export async function upgrade(request: UpgradeRequest): Promise<Attachment> {
  const { balancer, features, settings } = request;
  const { LOAD_BALANCER } = await import("./bpf_objects.ts");
  const nextHop = await nextGateway(balancer, settings);
  upgradeBalancer({
    balancer,
    object: LOAD_BALANCER,
    settings: { ...givenSettings(settings), ...featureSettings(features) },
    host: { ...givenHostSettings(settings), ...nextHop },
    version: VERSION,
  });
  const attachment = describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  return attachment;
}

/** @returns null if there is no such balancer, or its program was never replaced */
export function previous(balancer: string): PreviousProgram | null {
  const program = new Pins(balancer).exists() ? previousProgram(balancer) : null;
  if (program === null) return null;
  return { version: program.version, features: settingsFeatures(program.settings) };
}

/** Goes back to the program before the last upgrade; no packet is lost. */
export function rollback(balancer: string): Attachment {
  rollbackBalancer(balancer);
  const attachment = describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  return attachment;
}

/** @throws {DataplaneError} if it may exist where this process cannot see it */
function exists(pins: Pins): boolean {
  if (pins.exists()) return true;
  refuseNetnsExec();
  return false;
}

/** The first global address of each family: the kernel of a real drops GUE from 0.0.0.0. */
function gueSources(ifname: string): Pick<Settings, "gueSourceV4" | "gueSourceV6"> {
  const addresses = localAddresses(ifname);
  const first = (wanted: 4 | 6) => addresses.find(({ family }) => family === wanted) ?? null;
  return { gueSourceV4: first(4), gueSourceV6: first(6) };
}

async function gateway({ ifname, config, towards }: AttachRequest) {
  const given = config.gatewayMac === undefined ? null : parseMac(config.gatewayMac);
  if (given !== null) return { gateway_mac: given, gateway_auto: 0 };
  return { gateway_mac: (await discoverGateway(ifname, towards)).mac, gateway_auto: 1 };
}

/** What to change about the next hop; `auto` looks for it anew. */
async function nextGateway(balancer: string, { gatewayMac }: Partial<Settings>) {
  if (gatewayMac === undefined) return {};
  if (gatewayMac !== "auto") return { gateway_auto: 0 };
  using dataplane = KernelDataplane.open(balancer);
  const { info, host } = dataplane.maps;
  const towards = firstReal(dataplane.readState());
  const current = formatMac(host.get().gateway_mac);
  const known = betterGateway(current, await inspectLink(balancer, towards));
  const mac = known ?? formatMac((await discoverGateway(info.get().ifname, towards)).mac);
  return { gateway_mac: parseMac(mac) ?? host.get().gateway_mac, gateway_auto: 1 };
}
