import type { Feature } from "../core/state/words.ts";
import type { BalancerSettings } from "./default_settings.ts";

/** The setting that turns a feature on. */
export const FEATURE_SETTINGS = {
  "cidr": "cidr",
  "gue": "gue",
  "quic": "quic",
  "source-routing": "sources",
  "local": "local",
  "global-flows": "global_flows",
  "udp-stable": "udp_stable",
  "udp-migration": "udp_migration",
  "tcp-server-id": "tcp_server_id",
} as const satisfies Record<Feature, keyof BalancerSettings>;
