import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { StructArray } from "../struct_map.ts";

/** Map `balancer_info`: where, when and by which weir the balancer was attached. */
export class BalancerInfoMap {
  readonly #array: StructArray<abi.BalancerInfo>;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#array = new StructArray(map, abi.BalancerInfo);
  }

  /** Reads all of it. */
  get(): abi.BalancerInfo {
    return this.#array.get(0);
  }

  /**
   * Changes some fields.
   *
   * @param change Fields with their new values.
   */
  set(change: Partial<abi.BalancerInfo>): void {
    this.#array.set(0, { ...this.get(), ...change });
  }
}
