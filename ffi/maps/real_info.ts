import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import type { Family } from "../../core/addr/types.ts";
import type { RealConfig, RealState } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { offsetOf } from "../codec.ts";
import { StructArray } from "../struct_map.ts";
import { decodeRealFlags, encodeRealFlags } from "./codes.ts";

const STATE = offsetOf(abi.RealInfo, "state");

/** Map `real_info`: the configuration of each real. */
export class RealInfoMap {
  readonly #array: StructArray<abi.RealInfo>;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#array = new StructArray(map, abi.RealInfo);
  }

  /** Reals that fit, less one: index 0 means no real. */
  get length(): number {
    return this.#array.length;
  }

  /**
   * Writes a real.
   *
   * @param index Index of the real, from 1.
   * @param config Its configuration; null frees the index.
   * @param retired Deleted, but old flows may still be on it.
   * @throws {RangeError} When the name is too long or the index does not fit.
   */
  set(index: number, config: RealConfig | null, retired: boolean): void {
    if (index === abi.NO_REAL) throw new RangeError("Cannot write real 0: it means no real");
    this.#array.set(
      index,
      config === null ? null : {
        addr: config.address.bytes,
        family: config.address.family,
        state: retired ? abi.SlotState.SLOT_RETIRED : abi.SlotState.SLOT_USED,
        flags: encodeRealFlags(config),
        name: config.name,
      },
    );
  }

  /** Lists the reals in order of index. */
  *entries(): Generator<readonly [number, RealState]> {
    for (const [index, info] of this.#array.entries(isUsed)) {
      const address = addressFromBytes(info.family as Family, info.addr);
      yield [index, {
        index,
        config: { address, name: info.name, ...decodeRealFlags(info.flags) },
        retired: info.state === abi.SlotState.SLOT_RETIRED,
      }];
    }
  }
}

function isUsed(bytes: Uint8Array): boolean {
  return bytes[STATE] !== abi.SlotState.SLOT_FREE;
}
