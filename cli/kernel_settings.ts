import type { BalancerConfig } from "../core/config/types.ts";
import { type FlowTimes, seconds, ticks } from "../core/plan/plan_options.ts";
import type { Capacity } from "../core/state/types.ts";
import { type Feature, FEATURES } from "../core/state/words.ts";
import { EchoMode } from "../ffi/abi.gen.ts";
import { type BalancerSettings, defaultSettings } from "../ffi/default_settings.ts";
import { FEATURE_SETTINGS } from "../ffi/feature_settings.ts";

/** Sizes if nothing is said: katran's VIPs and reals, and flows that fit some 25 MB. */
export const DEFAULT_CAPACITY: Capacity = { maxVips: 512, maxReals: 4096, maxFlows: 262_144 };

const ECHO_MODES = {
  off: EchoMode.ECHO_OFF,
  vip: EchoMode.ECHO_VIP,
  any: EchoMode.ECHO_ANY,
} as const;

/**
 * Settings of the data plane for a configuration.
 *
 * @param config what is left out takes its default
 * @param features what VIPs may use
 */
export function kernelSettings(
  config: BalancerConfig,
  features: readonly Feature[],
): BalancerSettings {
  const given = {
    echo: config.echo === undefined ? undefined : ECHO_MODES[config.echo],
    too_big: toFlag(config.tooBig),
    too_big_rate: config.tooBigRate,
    conn_rate: config.connRate,
    max_frame: config.maxFrame,
    path_mtu: config.pathMtu,
    ttl: config.ttl,
    gue_port: config.guePort,
    tcp_idle: toTicks(config.tcpIdle),
    udp_idle: toTicks(config.udpIdle),
    udp_grace: toTicks(config.udpGrace),
    decap_ipip: toFlag(config.decapIpip),
    decap_gue: toFlag(config.decapGue),
    compat_katran: toFlag(config.compatKatran),
  };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return defaultSettings({ ...Object.fromEntries(known), ...featureSettings(features) });
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

/**
 * The times that settings hold.
 *
 * @param settings of an attached balancer
 */
export function settingsTimes({ tcp_idle, udp_idle, udp_grace }: BalancerSettings): FlowTimes {
  return {
    tcpIdle: seconds(tcp_idle),
    udpIdle: seconds(udp_idle),
    udpGrace: seconds(udp_grace),
  };
}

function toTicks(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : ticks(seconds);
}

function toFlag(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : value ? 1 : 0;
}
