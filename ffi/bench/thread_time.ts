import { checkErrno } from "../errors.ts";
import { libc } from "../libbpf/open.ts";

const CLOCK_THREAD_CPUTIME_ID = 3;
const NS_PER_S = 1e9;

/**
 * The time that the calling thread has run: what others take of its CPU does not count.
 *
 * @returns ns.
 */
export function threadTimeNs(): number {
  const timespec = new BigInt64Array(2);
  const result = libc().clock_gettime(CLOCK_THREAD_CPUTIME_ID, timespec);
  checkErrno(result < 0, "read the thread's clock");
  return Number(timespec[0] ?? 0n) * NS_PER_S + Number(timespec[1] ?? 0n);
}
