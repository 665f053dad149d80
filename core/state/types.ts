import type { Address, Family, Prefix } from "../addr/types.ts";

/** Transport protocol of a VIP. */
export type Protocol = "tcp" | "udp";

/** Ring algorithm: katran's Maglev V1 or V2 (weights proportional). */
export type RingHash = "maglev-v1" | "maglev-v2";

/** VIP flags as written in YAML and on the command line; bits are `enum vip_flag` of abi.h. */
export type VipFlag =
  | "no-source-port"
  | "quic"
  | "dport-hash"
  | "source-routing"
  | "local"
  | "global-flows"
  | "hash-src-dst-port"
  | "udp-stable"
  | "udp-migration"
  | "tcp-server-id";

/** What a VIP remembers: exceptions only, every flow, or nothing. */
export type Affinity = "default" | "always" | "none";

/** Encapsulation towards a real. */
export type Encap = "ipip" | "gue";

/** The identity of a VIP: what clients talk to. Port 0 means every port. */
export interface VipKey {
  readonly address: Address;
  /** Bits of the prefix: 32 or 128 for a plain address. */
  readonly prefixLength: number;
  readonly port: number;
  readonly protocol: Protocol;
}

/** A VIP's configuration without its members. */
export interface VipConfig extends VipKey {
  /** Free text for humans, at most 63 bytes of UTF-8; empty if none. */
  readonly name: string;
  readonly flags: readonly VipFlag[];
  readonly affinity: Affinity;
  readonly encap: Encap;
  readonly ringHash: RingHash;
}

/** up: gets new flows. drained: keeps known flows only. down: gets nothing. */
export type MemberState = "up" | "drained" | "down";

/** A real's part in one VIP. Weight 0 to 65535; weight 0 keeps it out of the ring. */
export interface Member {
  readonly weight: number;
  readonly state: MemberState;
}

/** A real server as configured, shared by all VIPs that name its address. */
export interface RealConfig {
  readonly address: Address;
  readonly name: string;
  /** This host itself: with a `local` VIP its packets are passed up, not sent. */
  readonly local: boolean;
  /** Encapsulation whatever the VIP says; null: the VIP decides. */
  readonly encap: Encap | null;
}

/** A VIP as it stands in the kernel. */
export interface VipState {
  /** Index into rings and counters, 0 to max_vips - 1. */
  readonly index: number;
  readonly config: VipConfig;
  /** Members by real index. */
  readonly members: ReadonlyMap<number, Member>;
  /** Reals that map `down` names for this VIP; a deleted member may stay in it (core/plan). */
  readonly down: ReadonlySet<number>;
}

/** A real as it stands in the kernel. Retired: deleted, but old flows may still be on it. */
export interface RealState {
  /** 1 to max_reals - 1; 0 means no real. */
  readonly index: number;
  readonly config: RealConfig;
  readonly retired: boolean;
}

/** One VIP's ring as the data plane sees it (struct ring). */
export interface Ring {
  /** RING_SIZE real indices with the unstable bit (0x8000). */
  readonly slots: Uint16Array;
  /** RING_SIZE real indices that older flows belong to; 0: none. */
  readonly prev: Uint16Array;
  /** Tick (2^24 ns of CLOCK_MONOTONIC, u32) of the last change. */
  readonly changedAt: number;
  readonly generation: number;
}

/**
 * What becomes of a tunnel packet to a listed destination once its outer header is off: balance: as
 * any packet. pass: it is for this host. return: it goes back out.
 */
export type DecapAction = "balance" | "pass" | "return";

/** A server id (QUIC connection id, UDP stable id, TCP option) of a real. */
export interface DesiredServer {
  /** 1 to 2^32 - 1. */
  readonly id: number;
  readonly real: RealConfig;
}

/** Clients of a prefix that go to one real, for VIPs with source-routing. */
export interface DesiredSource {
  readonly prefix: Prefix;
  readonly real: RealConfig;
}

/** An outer destination of tunnel packets that are decapsulated inline. */
export interface DecapDestination {
  readonly address: Address;
  readonly action: DecapAction;
}

/** Tables beside the VIPs. */
export interface DesiredTables {
  readonly servers: readonly DesiredServer[];
  readonly sources: readonly DesiredSource[];
  readonly destinations: readonly DecapDestination[];
}

/** The same as they stand in the kernel; reals by index. */
export interface Tables {
  /** Real indices by server id. */
  readonly servers: ReadonlyMap<number, number>;
  /** By the text of the prefix. */
  readonly sources: ReadonlyMap<string, { readonly prefix: Prefix; readonly real: number }>;
  /** By the text of the address. */
  readonly destinations: ReadonlyMap<string, DecapDestination>;
}

/** Sizes chosen at attach. */
export interface Capacity {
  readonly maxVips: number;
  readonly maxReals: number;
  readonly maxFlows: number;
}

/** Everything the kernel holds about a balancer, less rings, flows and counters. */
export interface State {
  readonly balancer: string;
  readonly ifname: string;
  readonly capacity: Capacity;
  /** Counts up at a command's begin and end: odd while one runs or if it was killed (core/plan). */
  readonly sequence: number;
  readonly vips: ReadonlyMap<number, VipState>;
  readonly reals: ReadonlyMap<number, RealState>;
  readonly tables: Tables;
}

/** What the operator asks for: the content of weir.yaml, resolved. */
export interface Desired {
  readonly vips: readonly DesiredVip[];
  /** Left out: nothing in them. */
  readonly tables?: DesiredTables;
}

/** A VIP with its members. */
export interface DesiredVip {
  readonly config: VipConfig;
  readonly members: readonly DesiredMember[];
}

/** A real of a VIP with its weight and state. */
export interface DesiredMember {
  readonly real: RealConfig;
  readonly weight: number;
  /** null: keep the state the running member has, `up` for a new one. */
  readonly state: MemberState | null;
}

/** An entry of the flow table. */
export interface FlowEntry {
  readonly vip: number;
  readonly source: Uint8Array;
  readonly family: Family;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly real: number;
  /** Tick of the last packet, at most a second late. */
  readonly lastSeen: number;
}
