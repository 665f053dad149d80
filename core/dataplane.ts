/**
 * The boundary between the logic of weir and the kernel. core plans writes; an implementation
 * carries them out one by one (ffi/kernel_dataplane.ts on BPF maps, core/fake_dataplane.ts in memory).
 */
import type { Address, Prefix } from "./addr/types.ts";
import type {
  DecapAction,
  FlowEntry,
  Member,
  RealConfig,
  Ring,
  State,
  VipConfig,
} from "./state/types.ts";
import type { Sample } from "./metrics/types.ts";

/** One write to the kernel. Each but `rings` is atomic: a packet sees all of it or nothing. */
export type Write =
  /** Entry the data plane sends by; null clears it. `downSomewhere` mirrors the down set. */
  | {
    readonly op: "real";
    readonly index: number;
    readonly config: RealConfig | null;
    readonly downSomewhere: boolean;
  }
  /** What user space knows of a real; null frees the index. */
  | {
    readonly op: "real-info";
    readonly index: number;
    readonly config: RealConfig | null;
    readonly retired: boolean;
  }
  /** Swap the ring of a VIP; null: no ring, packets drop as no_real. */
  | { readonly op: "ring"; readonly vip: number; readonly ring: Ring | null }
  /** Swap rings of several VIPs; each swap is atomic, and the kernel waits once instead of each time. */
  | { readonly op: "rings"; readonly rings: ReadonlyMap<number, Ring> }
  /** What user space knows of a VIP; null frees the index. */
  | { readonly op: "vip-info"; readonly vip: number; readonly config: VipConfig | null }
  | {
    readonly op: "member";
    readonly vip: number;
    readonly real: number;
    readonly member: Member | null;
  }
  /** The real is not usable for flows of this VIP (struct down_key). */
  | { readonly op: "down"; readonly vip: number; readonly real: number; readonly down: boolean }
  /** Swap the table that packets are matched against: all VIPs that have it, in one write. */
  | { readonly op: "vip-table"; readonly vips: readonly VipTableRow[] }
  /** Which real a server id stands for; null: none. */
  | { readonly op: "server-id"; readonly id: number; readonly real: number | null }
  /** Which real clients of a prefix go to; null: what the ring says. */
  | { readonly op: "source"; readonly prefix: Prefix; readonly real: number | null }
  /** What becomes of tunnel packets to an address; null: they pass. */
  | {
    readonly op: "decap-destination";
    readonly address: Address;
    readonly action: DecapAction | null;
  }
  /** Zero the counters of an index before it is used anew. */
  | { readonly op: "reset-counters"; readonly of: "vip" | "real"; readonly index: number }
  /** Marks the begin (odd) and the end (even) of a command; see State.sequence. */
  | { readonly op: "sequence"; readonly sequence: number };

/** A VIP as the data plane matches it. */
export interface VipTableRow {
  readonly index: number;
  readonly config: VipConfig;
}

/** A balancer's kernel state. Errors are `DataplaneError`s with errno and hint where known. */
export interface Dataplane {
  /** Reads VIPs, reals and members; throws if maps are of another layout version. */
  readState(): State;
  /** The ring of a VIP, or null if it has none. */
  readRing(vip: number): Ring | null;
  /** Carries out one write. */
  write(write: Write): void;
  /** CLOCK_MONOTONIC in ticks of 2^24 ns, u32. */
  now(): number;
  /** Counters at this instant. */
  readSample(): Sample;
  /** Entries of the flow table, in no order. */
  flows(): Iterable<FlowEntry>;
  /** Forgets the flows that are chosen; returns how many. */
  purgeFlows(which: (flow: FlowEntry) => boolean): number;
  [Symbol.dispose](): void;
}
