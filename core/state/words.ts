import type {
  Affinity,
  DecapAction,
  Encap,
  MemberState,
  Protocol,
  RingHash,
  VipConfig,
  VipFlag,
} from "./types.ts";

/** Both protocols a VIP can have. */
export const PROTOCOLS: readonly Protocol[] = ["tcp", "udp"];

/** What a VIP may remember. */
export const AFFINITIES: readonly Affinity[] = ["default", "always", "none"];

/** Encapsulations towards a real. */
export const ENCAPS: readonly Encap[] = ["ipip", "gue"];

/** Ring algorithms, the default first. */
export const RING_HASHES: readonly RingHash[] = ["maglev-v2", "maglev-v1"];

/** States of a real in a VIP. */
export const MEMBER_STATES: readonly MemberState[] = ["up", "drained", "down"];

/** What becomes of tunnel packets to a listed destination. */
export const DECAP_ACTIONS: readonly DecapAction[] = ["balance", "pass", "return"];

/** Flags of a VIP, in the order of `enum vip_flag`. */
export const VIP_FLAGS: readonly VipFlag[] = [
  "no-source-port",
  "quic",
  "dport-hash",
  "source-routing",
  "local",
  "global-flows",
  "hash-src-dst-port",
  "udp-stable",
  "udp-migration",
  "tcp-server-id",
];

const FLAG_PROTOCOL: Partial<Record<VipFlag, Protocol>> = {
  "quic": "udp",
  "udp-stable": "udp",
  "udp-migration": "udp",
  "tcp-server-id": "tcp",
};

/**
 * The protocol without which a flag does nothing.
 *
 * @param flag a VIP flag
 * @returns null if the flag works with both
 */
export function flagProtocol(flag: VipFlag): Protocol | null {
  return FLAG_PROTOCOL[flag] ?? null;
}

/** Parts of the data plane that are only there if the balancer was attached with them. */
export type Feature =
  | "cidr"
  | "gue"
  | "quic"
  | "source-routing"
  | "local"
  | "global-flows"
  | "udp-stable"
  | "udp-migration"
  | "tcp-server-id";

/** All features. */
export const FEATURES: readonly Feature[] = [
  "cidr",
  "gue",
  "quic",
  "source-routing",
  "local",
  "global-flows",
  "udp-stable",
  "udp-migration",
  "tcp-server-id",
];

/**
 * The features that a VIP needs; its reals may need `gue` beside.
 *
 * @param config a VIP
 */
export function vipFeatures(config: VipConfig): readonly Feature[] {
  const isPrefix = config.prefixLength < (config.address.family === 4 ? 32 : 128);
  return FEATURES.filter((feature) =>
    feature === "cidr"
      ? isPrefix
      : feature === "gue"
      ? config.encap === "gue"
      : config.flags.includes(feature)
  );
}
