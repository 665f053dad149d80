import type { Family } from "../addr/types.ts";
import type { Feature } from "../state/words.ts";
import type { Affinity, Encap, Protocol, VipFlag } from "../state/types.ts";

/** A frame of which every flow gets its own copy. */
export interface FrameTemplate {
  /** At least 128 bytes. */
  readonly bytes: Uint8Array;
  /** Offset of the last four bytes of the client's address; the flow's number is added to them. */
  readonly client: number;
  /** Offset of the client's port. */
  readonly port: number;
}

/** What of the data plane a class needs that is off by default. */
export type BenchFeature = Feature | "decap-ipip" | "decap-gue";

/** A VIP of the scenario. */
export interface BenchVip {
  readonly address: string;
  /** 0: every port. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly flags?: readonly VipFlag[];
  readonly affinity?: Affinity;
  readonly encap?: Encap;
  /** Family of its reals. */
  readonly reals: Family;
  /** Every slot changed within a living flow's time. */
  readonly unstable?: boolean;
}

/** Packets of flows, one for each, sent before anything is measured so that tables know them. */
export interface WarmUp {
  readonly frames: readonly FrameTemplate[];
  /** Number of flows, counted from 0, in ascending order. */
  readonly flows: number;
}

/** How the load balancer is loaded. Classes of one world share it. */
export interface World {
  readonly features: readonly BenchFeature[];
  /** Insertions into the flow table per second and CPU; 0: no limit. */
  readonly connRate: number;
  /** Flows that fit the flow table. */
  readonly maxFlows: number;
}

/** By whose figures a class is scaled: the reference with one flow or with 65536. */
export type Yardstick = "hot" | "64k";

/** What a class has to keep to. */
export interface Goal {
  /** What katran costs, net ns, on the machine where it was measured. */
  readonly katranNs: number;
  /** The share of that which weir may cost. */
  readonly share: number;
  readonly yardstick: Yardstick;
}

/** A kind of traffic whose cost per packet is measured. */
export interface PacketClass {
  readonly name: string;
  readonly brief: string;
  /** By the low bits of the flow's number; a power of two of them, at most 64. */
  readonly frames: readonly FrameTemplate[];
  /** A power of two. */
  readonly flows: number;
  /** random: known flows in random order; new: no flow twice. */
  readonly order: "random" | "new";
  readonly world: World;
  readonly warmUp: WarmUp | null;
  /** Counter that every packet must move, so that the class is what it says. */
  readonly counter: string;
  /** Null: measured for information. */
  readonly goal: Goal | null;
}
