import { rotl64, u64, u64At } from "./_u64.ts";

const C = 0xdeadbeefdeadbeefn;
const MIX = [50n, 52n, 30n, 41n, 54n, 48n, 38n, 37n, 62n, 34n, 5n, 36n] as const;
const END = [15n, 52n, 26n, 51n, 28n, 9n, 47n, 54n, 32n, 25n, 63n] as const;

/**
 * SpookyHash V2 "short" of 16 bytes with both seeds 0 (Bob Jenkins, public domain,
 * http://burtleburtle.net/bob/hash/spooky.html).
 *
 * @param bytes 16 bytes
 * @returns both halves, u64
 */
export function spooky(bytes: Uint8Array): readonly [bigint, bigint] {
  // Each step works on the next of four lanes; here the lanes turn and the step stays.
  let [a, b, c, d] = [u64(C + u64At(bytes, 0)), u64(C + u64At(bytes, 8)), 0n, 0n];
  for (const shift of MIX) {
    a = u64(rotl64(a, shift) + b);
    c ^= a;
    [a, b, c, d] = [b, c, d, a];
  }
  a = u64(a + C);
  b = u64(b + (16n << 56n) + C);
  for (const shift of END) {
    b ^= a;
    a = rotl64(a, shift);
    b = u64(b + a);
    [a, b, c, d] = [b, c, d, a];
  }
  return [d, a];
}
