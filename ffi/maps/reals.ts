import type { RealConfig } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { StructArray } from "../struct_map.ts";
import { encodeRealFlags } from "./codes.ts";

/** What of the settings goes into an entry. */
export type RealSettings = Pick<abi.Settings, "ttl" | "ipip_source_v4">;

const IPPROTO_IPIP = 4;
const IPPROTO_UDP = 17;
/** Version 4 and 5 words of header; the ToS beside it is added for each packet. */
const VERSION_IHL = 0x45;

/** Map `reals`: what the data plane needs of a real. */
export class RealsMap {
  readonly #array: StructArray<abi.Real>;
  readonly #settings: RealSettings;

  /**
   * @param map The map.
   * @param settings The settings the program was loaded with.
   */
  constructor(map: BpfMap, settings: RealSettings) {
    this.#array = new StructArray(map, abi.Real);
    this.#settings = settings;
  }

  /** Entries, the one of index 0 included, which stays empty. */
  get length(): number {
    return this.#array.length;
  }

  /**
   * Writes an entry.
   *
   * @param index From 1.
   * @param config The real; null: packets are dropped as real_unset.
   * @param downSomewhere Whether map `down` names it.
   * @throws {RangeError} When the index does not fit.
   */
  set(index: number, config: RealConfig | null, downSomewhere: boolean): void {
    if (index === abi.NO_REAL) throw new RangeError("Cannot write real 0: it means no real");
    this.#array.set(
      index,
      config === null ? null : encodeReal(config, downSomewhere, this.#settings),
    );
  }

  /**
   * Reads an entry.
   *
   * @param index From 1.
   * @returns The entry; all zero when there is none.
   */
  get(index: number): abi.Real {
    return this.#array.get(index);
  }
}

/**
 * The entry of a real, with the sum of what is equal in all its outer IPv4 headers.
 *
 * @param config The real.
 * @param downSomewhere Whether map `down` names it.
 * @param settings The settings the program was loaded with.
 * @returns The value of its entry.
 */
export function encodeReal(
  config: RealConfig,
  downSomewhere: boolean,
  settings: RealSettings,
): abi.Real {
  const { address } = config;
  const v6 = address.family === 6;
  const down = downSomewhere ? abi.RealFlag.REAL_DOWN_SOMEWHERE : 0;
  const fixed = VERSION_IHL + settings.ttl + sumWords(address.bytes.subarray(0, 4));
  return {
    addr: address.bytes,
    flags: abi.RealFlag.REAL_ACTIVE | (v6 ? abi.RealFlag.REAL_IPV6 : 0) | down |
      encodeRealFlags(config),
    ipip_sum: v6 ? 0 : fixed + (IPPROTO_IPIP << 8) + sumWords(settings.ipip_source_v4),
    gue_sum: v6 ? 0 : fixed + (IPPROTO_UDP << 8),
  };
}

/** Sum of 16-bit words in the byte order of the host, as the program adds them. */
function sumWords(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte, i) => sum + (i % 2 === 0 ? byte : byte << 8), 0);
}
