import { TICK_SHIFT } from "./abi.gen.ts";
import { checkErrno } from "./errors.ts";
import { libc } from "./libbpf/open.ts";

const CLOCK_MONOTONIC = 1;
const NS_PER_S = 1_000_000_000n;

/**
 * The clock of the data plane, bpf_ktime_get_ns().
 *
 * @returns CLOCK_MONOTONIC, ns.
 */
export function monotonicNs(): bigint {
  const timespec = new BigInt64Array(2);
  checkErrno(libc().clock_gettime(CLOCK_MONOTONIC, timespec) < 0, "read the clock");
  return (timespec[0] ?? 0n) * NS_PER_S + (timespec[1] ?? 0n);
}

/**
 * The same in the unit that maps hold.
 *
 * @param ns CLOCK_MONOTONIC, ns.
 * @returns Ticks of 2^24 ns, u32.
 */
export function ticksOf(ns: bigint): number {
  return Number(BigInt.asUintN(32, ns >> BigInt(TICK_SHIFT)));
}
