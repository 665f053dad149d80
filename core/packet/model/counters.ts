import type { DropReason } from "./decision.ts";

/** Scalar fields of `struct counters` that packets change, less `sent`, `passed` and `dropped`. */
export type CounterName =
  | "ring_picks"
  | "prev_picks"
  | "syn_picks"
  | "unknown_picks"
  | "flow_hits"
  | "flow_inserts"
  | "flow_gated"
  | "flow_unusable"
  | "udp_migrated"
  | "global_hits"
  | "global_misses"
  | "source_hits"
  | "source_misses"
  | "local_delivered"
  | `echo_${"v4" | "v6"}`
  | `icmp_error_${"v4" | "v6"}`
  | "frag_needed_v4"
  | "frag_needed_small_v4"
  | "too_big_v6"
  | "too_big_small_v6"
  | `too_big_sent_${"v4" | "v6"}`
  | "too_big_gated"
  | "quic_icmp"
  | "quic_icmp_ignorable"
  | "quic_ring"
  | "quic_initial"
  | `quic_cid_${"v1" | "v2" | "v3" | "lb"}`
  | "quic_routed"
  | "quic_unknown_id"
  | "quic_match"
  | "quic_mismatch"
  | "quic_not_found"
  | "server_id_syn"
  | "server_id_ring"
  | "server_id_routed"
  | "server_id_mismatch"
  | "stable_ring"
  | "stable_routed"
  | "stable_unknown_id"
  | "stable_invalid"
  | `decap_${"ipip" | "gue"}_${"v4" | "v6"}`
  | "decap_listed"
  | `decap_${"forwarded" | "returned"}_${"v4" | "v6"}`;

/** How a packet ended. */
export type Verdict = "sent" | "passed" | "dropped";

/** Fields of `struct vip_traffic` by name. */
type VipField = "packets" | "bytes" | "new_flows" | "server_id_mismatch";

/**
 * Counters that one packet changed. Names are those of `Sample.counters` (`sent.packets`,
 * `ring_picks`), besides `drops.<reason>`, `vip 0 packets` and `real 3 bytes`.
 */
export class Counters {
  readonly #changed = new Map<string, number>();

  /** Counters that changed, with what was added to each. */
  get changed(): ReadonlyMap<string, number> {
    return this.#changed;
  }

  /** Counts one. */
  count(name: CounterName): void {
    this.#add(name, 1);
  }

  /** Counts how the packet ended. */
  countEnd(verdict: Verdict, frameBytes: number, reason: DropReason | null): void {
    this.#add(`${verdict}.packets`, 1);
    this.#add(`${verdict}.bytes`, frameBytes);
    if (reason !== null) this.#add(`drops.${reason}`, 1);
  }

  /** Adds to a counter of a VIP. */
  addVip(vip: number, field: VipField, amount: number): void {
    this.#add(`vip ${vip} ${field}`, amount);
  }

  /** Adds to a counter of a real. */
  addReal(real: number, field: "packets" | "bytes", amount: number): void {
    this.#add(`real ${real} ${field}`, amount);
  }

  #add(name: string, amount: number): void {
    if (amount !== 0) this.#changed.set(name, (this.#changed.get(name) ?? 0) + amount);
  }
}
