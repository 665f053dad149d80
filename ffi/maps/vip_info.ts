import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import type { Family } from "../../core/addr/types.ts";
import type { VipConfig } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { offsetOf } from "../codec.ts";
import { StructArray } from "../struct_map.ts";
import { decodeVipFlags, encodeVipFlags, PROTOCOLS, RING_HASHES, wordOf } from "./codes.ts";

const STATE = offsetOf(abi.VipInfo, "state");

/** Map `vip_info`: the configuration of each VIP. */
export class VipInfoMap {
  readonly #array: StructArray<abi.VipInfo>;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#array = new StructArray(map, abi.VipInfo);
  }

  /** VIPs that fit. */
  get length(): number {
    return this.#array.length;
  }

  /**
   * Writes a VIP.
   *
   * @param index Index of the VIP.
   * @param config Its configuration; null frees the index.
   * @throws {RangeError} When the name is too long or the index does not fit.
   */
  set(index: number, config: VipConfig | null): void {
    this.#array.set(
      index,
      config === null ? null : {
        addr: config.address.bytes,
        port: config.port,
        proto: PROTOCOLS[config.protocol],
        family: config.address.family,
        prefix_len: config.prefixLength,
        state: abi.SlotState.SLOT_USED,
        ring_hash: RING_HASHES[config.ringHash],
        flags: encodeVipFlags(config),
        name: config.name,
      },
    );
  }

  /** Lists the VIPs in order of index. */
  *entries(): Generator<readonly [number, VipConfig]> {
    for (const [index, info] of this.#array.entries(isUsed)) yield [index, decodeVip(info)];
  }
}

function decodeVip(info: abi.VipInfo): VipConfig {
  return {
    address: addressFromBytes(info.family as Family, info.addr),
    prefixLength: info.prefix_len,
    port: info.port,
    protocol: wordOf(PROTOCOLS, info.proto, "protocol"),
    name: info.name,
    ringHash: wordOf(RING_HASHES, info.ring_hash, "ring hash"),
    ...decodeVipFlags(info.flags),
  };
}

function isUsed(bytes: Uint8Array): boolean {
  return bytes[STATE] !== abi.SlotState.SLOT_FREE;
}
