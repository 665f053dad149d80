import type { Config } from "../config/types.ts";

/** Something that weir has no equivalent for, or does differently. */
export interface ImportNote {
  /** 1 and up. */
  readonly line: number;
  readonly message: string;
}

/** What another balancer's configuration becomes. */
export interface Imported {
  readonly config: Config;
  /** In the order of the text. */
  readonly notes: readonly ImportNote[];
}
