import { formatMac } from "../core/addr/format_mac.ts";
import { parseMac } from "../core/addr/parse_mac.ts";
import type { Dataplane } from "../core/dataplane.ts";
import { attachBalancer, detachBalancer } from "../ffi/attach.ts";
import { discoverGateway } from "../ffi/gateway.ts";
import { KernelDataplane } from "../ffi/kernel_dataplane.ts";
import { Pins } from "../ffi/pins.ts";
import { upgradeBalancer } from "../ffi/upgrade.ts";
import type { Attachment, AttachRequest, AttachResult, UpgradeRequest } from "./host.ts";
import {
  DEFAULT_CAPACITY,
  featureSettings,
  kernelSettings,
  settingsFeatures,
  settingsTimes,
} from "./kernel_settings.ts";
import { notAttached } from "./open_balancer.ts";
import { VERSION } from "./version.ts";

/** @returns null if there is no such balancer */
export function openDataplane(balancer: string): Dataplane | null {
  return new Pins(balancer).exists() ? KernelDataplane.open(balancer) : null;
}

/** @returns null if there is no such balancer */
export function describe(balancer: string): Attachment | null {
  const pins = new Pins(balancer);
  if (!pins.exists()) return null;
  using dataplane = KernelDataplane.open(balancer);
  const { info, host, settings } = dataplane.maps;
  const { ifname, mode, version, attached_at } = info.get();
  using link = pins.openLink();
  const { prog_id, xdp_ifindex } = link.info();
  return {
    balancer,
    ifname,
    mode,
    gatewayMac: formatMac(host.get().gateway_mac),
    version,
    attachedAt: Number(attached_at),
    features: settingsFeatures(settings),
    times: settingsTimes(settings),
    // A link whose interface is gone keeps its program but names no interface.
    programId: xdp_ifindex === 0 ? null : prog_id,
  };
}

/**
 * Finds the next hop, loads the program and attaches it.
 *
 * @throws {DataplaneError} if the kernel refuses or nobody answers for the next hop
 */
export async function attach(request: AttachRequest): Promise<AttachResult> {
  const { balancer, ifname, config, features } = request;
  const { LOAD_BALANCER } = await import("./bpf_objects.ts");
  const { fallback } = attachBalancer({
    balancer,
    ifname,
    mode: config.mode ?? "auto",
    version: VERSION,
    object: LOAD_BALANCER,
    settings: kernelSettings(config, features),
    capacity: {
      maxVips: config.maxVips ?? DEFAULT_CAPACITY.maxVips,
      maxReals: config.maxReals ?? DEFAULT_CAPACITY.maxReals,
      maxFlows: config.maxFlows ?? DEFAULT_CAPACITY.maxFlows,
    },
    host: {
      gateway_mac: await gatewayMac(request),
      gue_source_v4: config.gueSourceV4?.bytes.slice(0, 4) ?? new Uint8Array(4),
      gue_source_v6: config.gueSourceV6?.bytes ?? new Uint8Array(16),
    },
  });
  const attachment = describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  return { ...attachment, fallback: fallback?.message ?? null };
}

/** Takes the balancer off its interface; nothing of it stays. */
export function detach(balancer: string): void {
  detachBalancer(balancer);
}

/** Replaces the program and turns features on; no packet is lost. */
export async function upgrade({ balancer, features }: UpgradeRequest): Promise<Attachment> {
  const { LOAD_BALANCER } = await import("./bpf_objects.ts");
  upgradeBalancer({
    balancer,
    object: LOAD_BALANCER,
    settings: featureSettings(features),
    version: VERSION,
  });
  const attachment = describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  return attachment;
}

async function gatewayMac({ ifname, config, towards }: AttachRequest): Promise<Uint8Array> {
  const given = config.gatewayMac === undefined ? null : parseMac(config.gatewayMac);
  return given ?? (await discoverGateway(ifname, towards)).mac;
}
