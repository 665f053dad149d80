/** Packets and bytes since the counter was last reset. */
export interface Traffic {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** Counters of one VIP (struct vip_traffic). */
export interface VipTraffic extends Traffic {
  readonly newFlows: bigint;
  readonly serverIdMismatch: bigint;
}

/** All counters at one instant, summed over CPUs. */
export interface Sample {
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly at: bigint;
  /** By VIP index. */
  readonly vips: ReadonlyMap<number, VipTraffic>;
  /** By real index. */
  readonly reals: ReadonlyMap<number, Traffic>;
  /** Scalar fields of struct counters by name (`sent.packets`, `ring_picks`, ...). */
  readonly counters: ReadonlyMap<string, bigint>;
  /** Drops by reason name without the prefix, in lower case (`no_real`), zero ones included. */
  readonly drops: ReadonlyMap<string, bigint>;
  /** Packets that each possible CPU has taken, by its number: how receive queues spread. */
  readonly cpus: readonly bigint[];
}
