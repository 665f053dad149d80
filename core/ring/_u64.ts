/** The low 64 bits of an integer; every sum and product of 64-bit hashes goes through here. */
export function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** Rotates 64 bits to the left. */
export function rotl64(value: bigint, shift: bigint): bigint {
  return u64(value << shift | value >> (64n - shift));
}

/** Eight bytes at `at` as a little-endian integer. */
export function u64At(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(at, true);
}
