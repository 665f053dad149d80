import type { Desired } from "../state/types.ts";
import type { Feature } from "../state/words.ts";
import type { Settings } from "./settings.ts";

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
export interface BalancerConfig extends Partial<Settings> {
  /** `auto`, or six bytes as text. */
  readonly gatewayMac?: string;
  readonly mode?: AttachMode;
  readonly maxVips?: number;
  readonly maxReals?: number;
  readonly maxFlows?: number;
  /** Left out: what the VIPs of the file need. */
  readonly features?: readonly Feature[];
}

/** The content of a configuration file. */
export interface Config {
  readonly balancer: BalancerConfig;
  readonly desired: Desired;
}
