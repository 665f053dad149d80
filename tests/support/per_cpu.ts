/**
 * Adds up the values of all CPUs, of a struct that holds nothing but u64.
 *
 * @param values What a look-up in a per-CPU map gave.
 * @param size Bytes of one value.
 * @returns One value.
 */
export function sumOf(values: Uint8Array, size: number): Uint8Array {
  const sum = new BigUint64Array(size / 8);
  const words = new BigUint64Array(values.slice().buffer);
  for (const [index, word] of words.entries()) {
    sum[index % sum.length] = (sum[index % sum.length] ?? 0n) + word;
  }
  return new Uint8Array(sum.buffer);
}
