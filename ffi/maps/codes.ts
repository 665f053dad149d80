/**
 * Numbers of abi.h for the words that users write.
 *
 * @module
 */
import type {
  Affinity,
  DecapAction,
  Encap,
  MemberState,
  Protocol,
  RingHash,
  VipConfig,
  VipFlag,
} from "../../core/state/types.ts";
import * as abi from "../abi.gen.ts";

/** Bits of the flags. */
export const VIP_FLAGS: Readonly<Record<VipFlag, number>> = {
  "no-source-port": abi.VipFlag.VIP_NO_SOURCE_PORT,
  "quic": abi.VipFlag.VIP_QUIC,
  "dport-hash": abi.VipFlag.VIP_DPORT_HASH,
  "source-routing": abi.VipFlag.VIP_SOURCE_ROUTING,
  "local": abi.VipFlag.VIP_LOCAL,
  "global-flows": abi.VipFlag.VIP_GLOBAL_FLOWS,
  "hash-src-dst-port": abi.VipFlag.VIP_HASH_SRC_DST_PORT,
  "udp-stable": abi.VipFlag.VIP_UDP_STABLE,
  "udp-migration": abi.VipFlag.VIP_UDP_MIGRATION,
  "tcp-server-id": abi.VipFlag.VIP_TCP_SERVER_ID,
};

/** IP protocol numbers. */
export const PROTOCOLS: Readonly<Record<Protocol, number>> = { tcp: 6, udp: 17 };

/** enum ring_hash. */
export const RING_HASHES: Readonly<Record<RingHash, number>> = {
  "maglev-v1": abi.RingHash.RING_MAGLEV_V1,
  "maglev-v2": abi.RingHash.RING_MAGLEV_V2,
};

/** enum member_state. */
export const MEMBER_STATES: Readonly<Record<MemberState, number>> = {
  up: abi.MemberState.MEMBER_UP,
  drained: abi.MemberState.MEMBER_DRAINED,
  down: abi.MemberState.MEMBER_DOWN,
};

/** Bits of enum decap_flag. */
export const DECAP_ACTIONS: Readonly<Record<DecapAction, number>> = {
  balance: 0,
  pass: abi.DecapFlag.DECAP_PASS,
  return: abi.DecapFlag.DECAP_RETURN,
};

const AFFINITIES: Readonly<Record<Affinity, number>> = {
  default: 0,
  always: abi.VipFlag.VIP_AFFINITY_ALWAYS,
  none: abi.VipFlag.VIP_AFFINITY_NONE,
};

/** Encapsulation as bits of a real; none: the VIP decides. */
const REAL_ENCAPS: Readonly<Record<Encap, number>> = {
  ipip: abi.RealFlag.REAL_IPIP,
  gue: abi.RealFlag.REAL_GUE,
};

/**
 * Finds the word for a number.
 *
 * @param codes Numbers by word.
 * @param number A number from a map.
 * @param what What the number is, for the error.
 * @returns The word.
 * @throws {RangeError} When no word has it.
 */
export function wordOf<W extends string>(
  codes: Readonly<Record<W, number>>,
  number: number,
  what: string,
): W {
  for (const word in codes) if (codes[word] === number) return word;
  throw new RangeError(`Cannot read ${what} ${number}: the maps are of another version of weir`);
}

/**
 * Is the VIP a prefix, not an address?
 *
 * @param config The VIP.
 * @returns True for less than 32 or 128 bits.
 */
export function isCidr({ address, prefixLength }: VipConfig): boolean {
  return prefixLength !== (address.family === 4 ? 32 : 128);
}

/**
 * The flags of a VIP as the data plane wants them.
 *
 * @param config The VIP.
 * @returns Bits of enum vip_flag.
 */
export function encodeVipFlags(config: VipConfig): number {
  const flags = config.flags.reduce((bits, flag) => bits | VIP_FLAGS[flag], 0);
  const encap = config.encap === "gue" ? abi.VipFlag.VIP_GUE : 0;
  const cidr = isCidr(config) ? abi.VipFlag.VIP_CIDR : 0;
  return flags | AFFINITIES[config.affinity] | encap | cidr;
}

/**
 * The other way round.
 *
 * @param bits Bits of enum vip_flag.
 * @returns What they say of the configuration, flags in the order of abi.h.
 */
export function decodeVipFlags(bits: number): Pick<VipConfig, "flags" | "affinity" | "encap"> {
  const names = Object.keys(VIP_FLAGS) as VipFlag[];
  const affinity = bits & (AFFINITIES.always | AFFINITIES.none);
  return {
    flags: names.filter((name) => (bits & VIP_FLAGS[name]) !== 0),
    affinity: wordOf(AFFINITIES, affinity, "affinity"),
    encap: (bits & abi.VipFlag.VIP_GUE) !== 0 ? "gue" : "ipip",
  };
}

/**
 * What is configured of a real, as bits.
 *
 * @param real Whether it is local, and its encapsulation.
 * @returns REAL_LOCAL, REAL_IPIP, REAL_GUE.
 */
export function encodeRealFlags(
  { local, encap }: { readonly local: boolean; readonly encap: Encap | null },
): number {
  return (local ? abi.RealFlag.REAL_LOCAL : 0) | (encap === null ? 0 : REAL_ENCAPS[encap]);
}

/**
 * The other way round.
 *
 * @param bits Bits of enum real_flag.
 * @returns Whether it is local, and its encapsulation.
 */
export function decodeRealFlags(
  bits: number,
): { readonly local: boolean; readonly encap: Encap | null } {
  const encaps = (Object.keys(REAL_ENCAPS) as Encap[]).filter((encap) =>
    (bits & REAL_ENCAPS[encap]) !== 0
  );
  return { local: (bits & abi.RealFlag.REAL_LOCAL) !== 0, encap: encaps[0] ?? null };
}
