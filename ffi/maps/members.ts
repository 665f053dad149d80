import type { Member } from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";
import type { BpfMap } from "../bpf_map.ts";
import { StructMap } from "../struct_map.ts";
import { MEMBER_STATES, wordOf } from "./codes.ts";

/** Map `members`: which reals a VIP has, with weight and state. */
export class MembersMap {
  readonly #map: StructMap<abi.MemberKey, abi.Member>;

  /** @param map The map. */
  constructor(map: BpfMap) {
    this.#map = new StructMap(map, abi.MemberKey, abi.Member);
  }

  /**
   * Writes a member.
   *
   * @param key VIP and real.
   * @param member Its part in the VIP; null deletes it.
   * @throws {DataplaneError} When the map is full.
   */
  set(key: abi.MemberKey, member: Member | null): void {
    if (member === null) this.#map.delete(key);
    else this.#map.set(key, { weight: member.weight, state: MEMBER_STATES[member.state] });
  }

  /** Lists the members. */
  *entries(): Generator<readonly [abi.MemberKey, Member]> {
    for (const [key, { weight, state }] of this.#map.entries()) {
      yield [key, { weight, state: wordOf(MEMBER_STATES, state, "member state") }];
    }
  }
}
