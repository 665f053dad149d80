/** What the data plane is loaded with: `struct settings` and `struct host` of abi.h, typed. */

/** Which pings are answered. */
export type EchoMode = "off" | "vip" | "any";

/** Fixed at load (`struct settings`); the document docs/dataplane.md says what each does. */
export interface Settings {
  /** Insertions into the flow table per second; 0: no limit. */
  readonly connRate: number;
  /** ICMP too-big messages per second; 0: no limit. */
  readonly tooBigRate: number;
  /** Ticks after which a silent UDP flow is forgotten. */
  readonly udpIdle: number;
  /** The same for TCP. */
  readonly tcpIdle: number;
  /** Ticks for which unknown UDP follows prev after a change. */
  readonly udpGrace: number;
  /** First two bytes of the outer IPv4 source of IPIP. */
  readonly ipipSourceV4: Uint8Array;
  /** First twelve bytes of the outer IPv6 source of IPIP. */
  readonly ipipSourceV6: Uint8Array;
  /** UDP destination port of GUE. */
  readonly guePort: number;
  /** Largest frame to a VIP, bytes with the untagged Ethernet header. */
  readonly maxFrame: number;
  /** Largest IP packet towards reals, bytes; 0: not known. */
  readonly pathMtu: number;
  /** TTL and hop limit of outer headers and generated ICMP. */
  readonly ttl: number;
  /** Server-id bytes of a QUIC-LB connection id by its config rotation, 8 entries; 0: not used. */
  readonly quicLbIdLength: readonly number[];
  readonly echo: EchoMode;
  readonly tooBig: boolean;
  readonly cidr: boolean;
  readonly gue: boolean;
  readonly quic: boolean;
  readonly tcpServerId: boolean;
  readonly udpStable: boolean;
  readonly udpMigration: boolean;
  readonly sources: boolean;
  readonly local: boolean;
  readonly globalFlows: boolean;
  readonly decapIpip: boolean;
  readonly decapGue: boolean;
  /** Strip and pass up what is for unlisted destinations too. */
  readonly decapAny: boolean;
  readonly compatKatran: boolean;
}

/** What may change while running (`struct host`). */
export interface Host {
  /** Next hop of every packet sent, 6 bytes. */
  readonly gatewayMac: Uint8Array;
  /** 4 bytes. */
  readonly gueSourceV4: Uint8Array;
  /** 16 bytes. */
  readonly gueSourceV6: Uint8Array;
}

/** Ticks of 2^24 ns in a second. */
const TICKS = 1e9 / 2 ** 24;
const HALF_MINUTE = Math.round(30 * TICKS);
const TWO_HOURS = Math.round(2 * 3600 * TICKS);

/** The product's defaults: every feature that needs a VIP flag or more settings is off. */
export const defaultSettings: Settings = {
  connRate: 125_000,
  tooBigRate: 1000,
  udpIdle: HALF_MINUTE,
  tcpIdle: TWO_HOURS,
  udpGrace: HALF_MINUTE,
  ipipSourceV4: Uint8Array.of(172, 16),
  ipipSourceV6: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  guePort: 6080,
  maxFrame: 1514,
  pathMtu: 0,
  ttl: 64,
  quicLbIdLength: [0, 0, 0, 0, 0, 0, 0, 0],
  echo: "vip",
  tooBig: false,
  cidr: false,
  gue: false,
  quic: false,
  tcpServerId: false,
  udpStable: false,
  udpMigration: false,
  sources: false,
  local: false,
  globalFlows: false,
  decapIpip: false,
  decapGue: false,
  decapAny: false,
  compatKatran: false,
};
