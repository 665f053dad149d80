import { addressFromBytes } from "../core/addr/address_from_bytes.ts";
import { formatMac } from "../core/addr/format_mac.ts";
import { parseMac } from "../core/addr/parse_mac.ts";
import type { Address, Prefix } from "../core/addr/types.ts";
import type { Settings } from "../core/config/settings.ts";
import { seconds, ticks } from "../core/plan/plan_options.ts";
import type { Capacity } from "../core/state/types.ts";
import { type Feature, FEATURES } from "../core/state/words.ts";
import { EchoMode, type Host } from "../ffi/abi.gen.ts";
import { type BalancerSettings, defaultSettings } from "../ffi/default_settings.ts";
import { FEATURE_SETTINGS } from "../ffi/feature_settings.ts";
import { wordOf } from "../ffi/maps/codes.ts";

/** Sizes if nothing is said: katran's VIPs and reals, and flows that fit some 25 MB. */
export const DEFAULT_CAPACITY: Capacity = { maxVips: 512, maxReals: 4096, maxFlows: 262_144 };

const ECHO_MODES = {
  off: EchoMode.ECHO_OFF,
  vip: EchoMode.ECHO_VIP,
  any: EchoMode.ECHO_ANY,
} as const;

/** What the program reads while it runs, beside its settings. */
export type HostSettings = Pick<Host, "gateway_mac" | "gue_source_v4" | "gue_source_v6">;

/**
 * Settings of the data plane for a configuration.
 *
 * @param config what is left out takes its default
 * @param features what VIPs may use
 */
export function kernelSettings(
  config: Partial<Settings>,
  features: readonly Feature[],
): BalancerSettings {
  return defaultSettings({ ...givenSettings(config), ...featureSettings(features) });
}

/**
 * The kernel's words for the settings that are given.
 *
 * @param config some or all settings
 */
export function givenSettings(config: Partial<Settings>): Partial<BalancerSettings> {
  return withoutUndefined({
    echo: config.echo === undefined ? undefined : ECHO_MODES[config.echo],
    too_big: toFlag(config.tooBig),
    too_big_rate: config.tooBigRate,
    conn_rate: config.connRate,
    max_frame: config.maxFrame,
    path_mtu: config.pathMtu,
    ttl: config.ttl,
    gue_port: config.guePort,
    ipip_source_v4: config.ipipSourceV4?.address.bytes.slice(0, 4),
    ipip_source_v6: config.ipipSourceV6?.address.bytes.slice(0, 12),
    quic_lb_id_length: config.quicLb === undefined ? undefined : idLengths(config.quicLb),
    tcp_idle: toTicks(config.tcpIdle),
    udp_idle: toTicks(config.udpIdle),
    udp_grace: toTicks(config.udpGrace),
    decap_ipip: toFlag(config.decapIpip),
    decap_gue: toFlag(config.decapGue),
    decap_any: toFlag(config.decapAny),
    events: toFlag(config.events),
    compat_katran: toFlag(config.compatKatran),
  });
}

/**
 * The same for what is read while the program runs.
 *
 * @param config some or all settings
 */
export function givenHostSettings(config: Partial<Settings>): Partial<HostSettings> {
  const { gatewayMac, gueSourceV4: v4, gueSourceV6: v6 } = config;
  return withoutUndefined({
    gateway_mac: gatewayMac === undefined ? undefined : parseMac(gatewayMac) ?? undefined,
    gue_source_v4: v4 === undefined ? undefined : v4?.bytes.slice(0, 4) ?? new Uint8Array(4),
    gue_source_v6: v6 === undefined ? undefined : v6?.bytes ?? new Uint8Array(16),
  });
}

/**
 * The settings of a running balancer.
 *
 * @param settings as the program was loaded with
 * @param host as the program reads it
 */
export function settingsOf(settings: BalancerSettings, host: HostSettings): Settings {
  const lengths = [...settings.quic_lb_id_length].map((length, id) => [id, length] as const);
  return {
    gatewayMac: formatMac(host.gateway_mac),
    echo: wordOf(ECHO_MODES, settings.echo, "echo mode"),
    tooBig: settings.too_big !== 0,
    tooBigRate: settings.too_big_rate,
    pathMtu: settings.path_mtu,
    maxFrame: settings.max_frame,
    connRate: settings.conn_rate,
    tcpIdle: seconds(settings.tcp_idle),
    udpIdle: seconds(settings.udp_idle),
    udpGrace: seconds(settings.udp_grace),
    ttl: settings.ttl,
    guePort: settings.gue_port,
    gueSourceV4: addressOf(4, host.gue_source_v4),
    gueSourceV6: addressOf(6, host.gue_source_v6),
    ipipSourceV4: prefixOf(4, settings.ipip_source_v4, 16),
    ipipSourceV6: prefixOf(6, settings.ipip_source_v6, 96),
    quicLb: Object.fromEntries(lengths.filter(([, length]) => length !== 0)),
    decapIpip: settings.decap_ipip !== 0,
    decapGue: settings.decap_gue !== 0,
    decapAny: settings.decap_any !== 0,
    events: settings.events !== 0,
    compatKatran: settings.compat_katran !== 0,
  };
}

/**
 * The settings that turn features on.
 *
 * @param features the features
 */
export function featureSettings(features: readonly Feature[]): Partial<BalancerSettings> {
  return Object.fromEntries(features.map((feature) => [FEATURE_SETTINGS[feature], 1]));
}

/**
 * The features that settings turn on.
 *
 * @param settings of an attached balancer
 */
export function settingsFeatures(settings: BalancerSettings): readonly Feature[] {
  return FEATURES.filter((feature) => settings[FEATURE_SETTINGS[feature]] !== 0);
}

function idLengths(lengths: Readonly<Record<string, number>>): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, id) => lengths[id] ?? 0);
}

/** The first bytes of an address; null: all zero. */
function addressOf(family: 4 | 6, bytes: Uint8Array): Address | null {
  if (bytes.every((byte) => byte === 0)) return null;
  return prefixOf(family, bytes, 0).address;
}

function prefixOf(family: 4 | 6, bytes: Uint8Array, prefixLength: number): Prefix {
  const whole = new Uint8Array(16);
  whole.set(bytes);
  return { address: addressFromBytes(family, whole), prefixLength };
}

function toTicks(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : ticks(seconds);
}

function toFlag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : value ? 1 : 0;
}

function withoutUndefined<T extends object>(
  fields: { readonly [K in keyof T]: T[K] | undefined },
): Partial<T> {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<T>;
}
