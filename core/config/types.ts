import type { Address } from "../addr/types.ts";
import type { Desired } from "../state/types.ts";
import type { Feature } from "../state/words.ts";

/** Something wrong in a configuration file. */
export interface ConfigError {
  readonly file: string;
  /** 1 and up. */
  readonly line: number;
  /** 1 and up, in characters. */
  readonly column: number;
  readonly message: string;
}

/** How an XDP program is attached. auto: native if the driver can, else generic. */
export type AttachMode = "native" | "generic" | "offload" | "auto";

/** What the data plane is attached with; what is left out takes its default. */
export interface BalancerConfig {
  /** `auto`, or six bytes as text. */
  readonly gatewayMac?: string;
  readonly mode?: AttachMode;
  readonly maxVips?: number;
  readonly maxReals?: number;
  readonly maxFlows?: number;
  /** Who answers pings: nobody, VIPs, or every address. */
  readonly echo?: "off" | "vip" | "any";
  /** Answer packets that are too big with ICMP. */
  readonly tooBig?: boolean;
  /** Such messages per second and CPU. */
  readonly tooBigRate?: number;
  /** Insertions into the flow table per second and CPU; 0: no limit. */
  readonly connRate?: number;
  /** Largest frame to a VIP, bytes with the untagged Ethernet header. */
  readonly maxFrame?: number;
  /** Largest IP packet towards reals, bytes. */
  readonly pathMtu?: number;
  /** TTL of outer headers. */
  readonly ttl?: number;
  /** Silence after which a flow counts as ended, seconds. */
  readonly tcpIdle?: number;
  readonly udpIdle?: number;
  /** For how long after a change unknown UDP flows go to a slot's previous real, seconds. */
  readonly udpGrace?: number;
  readonly guePort?: number;
  /** Outer source of GUE packets. */
  readonly gueSourceV4?: Address;
  readonly gueSourceV6?: Address;
  /** Remove IPIP or GUE from packets to listed destinations. */
  readonly decapIpip?: boolean;
  readonly decapGue?: boolean;
  /** Take katran's verdicts where weir's differ. */
  readonly compatKatran?: boolean;
  /** Left out: what the VIPs of the file need. */
  readonly features?: readonly Feature[];
}

/** The content of a configuration file. */
export interface Config {
  readonly balancer: BalancerConfig;
  readonly desired: Desired;
}
