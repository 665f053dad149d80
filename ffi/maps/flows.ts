import type { Family } from "../../core/addr/types.ts";
import type { FlowEntry } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { StructMap } from "../struct_map.ts";

/** Maps `flows` and `global_flows`: flows whose real the ring does not tell. */
export class FlowsMap {
  readonly #map: StructMap<abi.FlowKey, abi.Flow>;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = new StructMap(map, abi.FlowKey, abi.Flow);
  }

  /** Flows that fit. */
  get capacity(): number {
    return this.#map.capacity;
  }

  /**
   * Lists the flows; those that come or go meanwhile can be missed.
   *
   * @param families Family of each VIP by index. For a deleted VIP it is guessed: an address that
   *   ends in 12 zero bytes is IPv4.
   * @returns Flows in no order.
   */
  *entries(families: ReadonlyMap<number, Family>): Generator<FlowEntry> {
    for (const [{ src, sport, dport, vip }, { last_seen, real }] of this.#map.entries()) {
      const family = families.get(vip) ?? (src.subarray(4).some((byte) => byte !== 0) ? 6 : 4);
      yield {
        vip,
        source: family === 4 ? src.subarray(0, 4) : src,
        family,
        sourcePort: sport,
        destinationPort: dport,
        real,
        lastSeen: last_seen,
      };
    }
  }

  /**
   * Reads one flow.
   *
   * @param key The flow.
   * @returns Its real and when it was last seen, or null.
   */
  get(key: abi.FlowKey): abi.Flow | null {
    return this.#map.get(key);
  }

  /**
   * Remembers a flow, as a synchroniser does.
   *
   * @param key The flow.
   * @param flow Its real and when it was last seen; null forgets it.
   */
  set(key: abi.FlowKey, flow: abi.Flow | null): void {
    if (flow === null) this.#map.delete(key);
    else this.#map.set(key, flow);
  }
}
