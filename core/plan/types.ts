import type { Family } from "../addr/types.ts";
import type { Write } from "../dataplane.ts";
import type { FieldChange } from "../state/config_changes.ts";
import type { FlowEntry, MemberState } from "../state/types.ts";
import type { Feature } from "../state/words.ts";

/** What a plan needs to know beside state and wish. Times are in ticks of 2^24 ns. */
export interface PlanOptions {
  /** CLOCK_MONOTONIC, u32. */
  readonly now: number;
  /** For how long unknown UDP flows follow a slot's previous real. */
  readonly udpGraceTicks: number;
  /** After what silence a flow is taken for dead. */
  readonly idle: IdleTicks;
  /** The flow table; read only when the plan must know which flows live. */
  readonly flows: () => Iterable<FlowEntry>;
  /** What the balancer was attached with; default: everything. */
  readonly features?: ReadonlySet<Feature>;
  /** Families that GUE has an outer source for; default: both. */
  readonly gueSources?: ReadonlySet<Family>;
  /** Whether a real (address text) that leaves a VIP (key text) loses its flows at once; default: no. */
  readonly isHard?: (vip: string, real: string) => boolean;
}

/** Silence after which a flow is taken for dead, in ticks of 2^24 ns. */
export interface IdleTicks {
  readonly tcp: number;
  readonly udp: number;
}

/** One difference between wish and reality, in the operator's words. VIPs are named by key text. */
export type Change =
  /** Settings and features of the data plane, by their names in weir.yaml. */
  | { readonly kind: "settings-changed"; readonly fields: readonly FieldChange[] }
  /** An entry of a table beside the VIPs; key and value as text. */
  | EntryChange
  | { readonly kind: "vip-added"; readonly vip: string }
  | { readonly kind: "vip-removed"; readonly vip: string }
  | {
    readonly kind: "vip-changed";
    readonly vip: string;
    readonly fields: readonly FieldChange[];
  }
  | {
    readonly kind: "real-added";
    readonly vip: string;
    readonly real: string;
    readonly weight: number;
    readonly state: MemberState;
  }
  /** hard: its flows move at once; else established flows stay on it. */
  | {
    readonly kind: "real-removed";
    readonly vip: string;
    readonly real: string;
    readonly hard: boolean;
  }
  | {
    readonly kind: "real-changed";
    readonly vip: string;
    readonly real: string;
    readonly fields: readonly FieldChange[];
  }
  /** Settings of the real itself, in every VIP that has it. */
  | {
    readonly kind: "real-updated";
    readonly real: string;
    readonly fields: readonly FieldChange[];
  };

/** A change of a server id, a source prefix or a decapsulation destination. */
export type EntryChange =
  | {
    readonly kind: "entry-added" | "entry-removed";
    readonly table: "server" | "source" | "destination";
    readonly key: string;
    /** Address of the real, or action. */
    readonly value: string;
  }
  | {
    readonly kind: "entry-changed";
    readonly table: "server" | "source" | "destination";
    readonly key: string;
    readonly from: string;
    readonly to: string;
  };

/** How a plan moves the slots of one VIP's ring. */
export interface RingChange {
  readonly vip: string;
  /** Slots whose real changes, 0 to RING_SIZE. */
  readonly moved: number;
  /** Slots that any ring for the new shares would have to move. */
  readonly minimum: number;
}

/** What to write, in which order, and what it means. */
export interface Plan {
  /** `State.sequence` that the plan was made for; it is stale for any other. */
  readonly sequence: number;
  /** Empty if wish and reality agree; then there are no writes, unless a killed command is repaired. */
  readonly changes: readonly Change[];
  /** VIPs whose ring changes. */
  readonly rings: readonly RingChange[];
  /** Each prefix of this list leaves a working balancer from which planning again ends up the same. */
  readonly writes: readonly Write[];
}
