import * as abi from "./abi.gen.ts";

/** Settings as users choose them: what the loader works out is left out. */
export type BalancerSettings = Omit<abi.Settings, "abi_version" | keyof TableSettings>;

/** Settings that say how the tables in memory are built; they stay as long as the tables. */
export type TableSettings = Pick<
  abi.Settings,
  "vip_bucket_mask" | "flow_bucket_mask" | "flow_seed"
>;

/** Ticks in 2 h, and in 30 s. */
const TWO_HOURS = Math.round(7200e9 / 2 ** abi.TICK_SHIFT);
const HALF_MINUTE = Math.round(30e9 / 2 ** abi.TICK_SHIFT);

/**
 * Settings that make a balancer speak like katran by default: all features off that cost time.
 *
 * @param change Settings that differ.
 * @returns All settings.
 */
export function defaultSettings(change: Partial<BalancerSettings> = {}): BalancerSettings {
  return {
    conn_rate: 125_000,
    too_big_rate: 1000,
    udp_idle: HALF_MINUTE,
    udp_grace: HALF_MINUTE,
    tcp_idle: TWO_HOURS,
    // 172.16.0.0/16 and 0100::/96, the discard prefix of RFC 6666.
    ipip_source_v4: Uint8Array.of(172, 16, 0, 0),
    ipip_source_v6: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    gue_port: 6080,
    max_frame: 1514,
    path_mtu: 0,
    ttl: 64,
    echo: abi.EchoMode.ECHO_VIP,
    too_big: 1,
    cidr: 0,
    gue: 0,
    quic: 0,
    tcp_server_id: 0,
    udp_stable: 0,
    udp_migration: 0,
    sources: 0,
    local: 0,
    global_flows: 0,
    decap_ipip: 0,
    decap_gue: 0,
    decap_any: 0,
    events: 0,
    coarse_clock: 1,
    compat_katran: 0,
    quic_lb_id_length: new Uint8Array(8),
    ...change,
  };
}
