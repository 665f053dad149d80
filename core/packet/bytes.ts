/**
 * Reading and writing packet bytes in network order. Offsets outside the buffer throw, so that
 * a forgotten length check of a caller shows at once.
 */

/**
 * Reads 16 bits in network order.
 *
 * @throws {RangeError} If `offset` and the byte after it are not both inside `bytes`.
 */
export function readU16(bytes: Uint8Array, offset: number): number {
  return readU8(bytes, offset) << 8 | readU8(bytes, offset + 1);
}

/**
 * Reads 32 bits in network order, unsigned.
 *
 * @throws {RangeError} If one of the four bytes is not inside `bytes`.
 */
export function readU32(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset) * 0x10000 + readU16(bytes, offset + 2);
}

/**
 * Reads one byte.
 *
 * @throws {RangeError} If `offset` is not inside `bytes`.
 */
export function readU8(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset];
  if (byte === undefined) {
    throw new RangeError(`Cannot read byte "${offset}": the buffer has ${bytes.length} bytes`);
  }
  return byte;
}

/** Writes the low 16 bits of `value` in network order. */
export function writeU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes.set([value >>> 8 & 0xff, value & 0xff], offset);
}

/** Writes the low 32 bits of `value` in network order. */
export function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  writeU16(bytes, offset, value >>> 16);
  writeU16(bytes, offset + 2, value);
}

/** Joins byte sequences into a new one. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Two lower-case digits a byte, no separators. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The bytes that hexadecimal text stands for; white space is ignored.
 *
 * @throws {SyntaxError} If the rest is not pairs of hexadecimal digits.
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, "");
  if (!/^([0-9a-f]{2})*$/i.test(digits)) {
    throw new SyntaxError(`Cannot read "${text}" as bytes: expected pairs of hexadecimal digits`);
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Whether two byte sequences are the same. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
