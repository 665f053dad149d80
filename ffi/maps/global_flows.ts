import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { StructMap } from "../struct_map.ts";

/** Map `global_flows`: flows that a synchroniser learnt from other balancers. */
export class GlobalFlowsMap {
  readonly #map: StructMap<abi.FlowKey, abi.GlobalFlow>;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = new StructMap(map, abi.FlowKey, abi.GlobalFlow);
  }

  /** Flows that fit. */
  get capacity(): number {
    return this.#map.capacity;
  }

  /** Lists the flows; those that come or go meanwhile can be missed. */
  entries(): Iterable<readonly [abi.FlowKey, abi.GlobalFlow]> {
    return this.#map.entries();
  }

  /**
   * Enters a flow, or takes it out.
   *
   * @param key The flow.
   * @param flow Its real; null forgets it.
   */
  set(key: abi.FlowKey, flow: abi.GlobalFlow | null): void {
    if (flow === null) this.#map.delete(key);
    else this.#map.set(key, flow);
  }
}
