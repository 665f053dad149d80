import type { Field, FieldType, Integer, Layout } from "./layout.ts";

/** Width and range of the integers that fit a JavaScript number. */
const NUMBERS: Readonly<Record<Exclude<Integer, "u64">, readonly [number, number, number]>> = {
  u8: [1, 0, 0xff],
  u16: [2, 0, 0xffff],
  be16: [2, 0, 0xffff],
  u32: [4, 0, 0xffffffff],
  i32: [4, -0x80000000, 0x7fffffff],
};
const UTF8 = new TextDecoder();
const U64_MAX = (1n << 64n) - 1n;

/** Value of an array field: typed arrays of the field's own width. */
type IntegerArray = Uint16Array | Uint32Array | BigUint64Array;

/**
 * Reads a struct. Numbers are little endian: every host that runs the data plane is.
 *
 * @param layout Layout of the struct, from `abi.gen.ts`.
 * @param bytes Exactly one struct. The result shares no memory with it.
 * @returns One property per field.
 * @throws {RangeError} When the length is not the layout's.
 */
export function decode<T>(layout: Layout<T>, bytes: Uint8Array): T {
  checkLength(layout, bytes, "decode");
  const value: Record<string, unknown> = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const field of layout.fields) {
    if (field.type !== "pad") value[field.name] = decodeField(field, bytes, view);
  }
  return value as T;
}

/**
 * Writes a struct.
 *
 * @param layout Layout of the struct, from `abi.gen.ts`.
 * @param value One property per field.
 * @returns As many bytes as the layout has; padding is zero.
 * @throws {RangeError} When a value does not fit its field.
 */
export function encode<T>(layout: Layout<T>, value: T): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(layout.size);
  encodeInto(layout, value, bytes);
  return bytes;
}

/**
 * Writes a struct into existing memory, all of it.
 *
 * @param layout Layout of the struct, from `abi.gen.ts`.
 * @param value One property per field.
 * @param bytes Exactly one struct, overwritten.
 * @throws {RangeError} When a value does not fit its field or `bytes` has another length.
 */
export function encodeInto<T>(layout: Layout<T>, value: T, bytes: Uint8Array): void {
  checkLength(layout, bytes, "encode");
  const values = value as Readonly<Record<string, unknown>>;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  bytes.fill(0);
  for (const field of layout.fields) {
    if (field.type !== "pad") {
      encodeField(`${layout.name}.${field.name}`, field, values[field.name], bytes, view);
    }
  }
}

/**
 * Where a field stands, for a look at it without decoding the struct.
 *
 * @param layout Layout of the struct, from `abi.gen.ts`.
 * @param name The field.
 * @returns Offset in bytes.
 */
export function offsetOf<T>(layout: Layout<T>, name: keyof T & string): number {
  const field = layout.fields.find((field) => field.name === name);
  if (field === undefined) throw new TypeError(`Struct ${layout.name} has no field "${name}"`);
  return field.offset;
}

function decodeField({ type, offset, count }: Field, bytes: Uint8Array, view: DataView): unknown {
  if (count === null) return decodeOne(type, offset, bytes, view);
  const end = offset + count * elementSize(type);
  const slice = bytes.slice(offset, end);
  switch (type) {
    case "bytes":
      return slice;
    case "text": {
      const length = slice.indexOf(0);
      return UTF8.decode(length < 0 ? slice : slice.subarray(0, length));
    }
    case "u16":
      return new Uint16Array(slice.buffer);
    case "u32":
      return new Uint32Array(slice.buffer);
    case "u64":
      return new BigUint64Array(slice.buffer);
    default:
      return Array.from(
        { length: count },
        (_, i) => decodeOne(type, offset + i * elementSize(type), bytes, view),
      );
  }
}

function decodeOne(type: FieldType, offset: number, bytes: Uint8Array, view: DataView): unknown {
  switch (type) {
    case "u8":
      return view.getUint8(offset);
    case "u16":
      return view.getUint16(offset, true);
    case "be16":
      return view.getUint16(offset);
    case "u32":
      return view.getUint32(offset, true);
    case "i32":
      return view.getInt32(offset, true);
    case "u64":
      return view.getBigUint64(offset, true);
    case "bytes":
    case "text":
    case "pad":
      throw new TypeError(`Cannot decode a single "${type}"`);
    default:
      return decode(type, bytes.subarray(offset, offset + type.size));
  }
}

function encodeField(
  path: string,
  { type, offset, count }: Field,
  value: unknown,
  bytes: Uint8Array,
  view: DataView,
): void {
  if (count === null) return encodeOne(path, type, offset, value, bytes, view);
  switch (type) {
    case "bytes": {
      checkCount(path, (value as Uint8Array).length, count, "bytes");
      return bytes.set(value as Uint8Array, offset);
    }
    case "text":
      return bytes.set(encodeText(path, value as string, count), offset);
    case "u16":
    case "u32":
    case "u64": {
      const array = value as IntegerArray;
      checkCount(path, array.length, count, "elements");
      return bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    }
    default: {
      const elements = value as readonly unknown[];
      checkCount(path, elements.length, count, "elements");
      const size = elementSize(type);
      elements.forEach((element, i) =>
        encodeOne(`${path}[${i}]`, type, offset + i * size, element, bytes, view)
      );
    }
  }
}

function encodeOne(
  path: string,
  type: FieldType,
  offset: number,
  value: unknown,
  bytes: Uint8Array,
  view: DataView,
): void {
  if (typeof type !== "string") {
    return encodeInto(type, value, bytes.subarray(offset, offset + type.size));
  }
  if (type === "u64") return view.setBigUint64(offset, checkBigint(path, value), true);
  if (type === "bytes" || type === "text" || type === "pad") {
    throw new TypeError(`Cannot encode a single "${type}" as "${path}"`);
  }
  const number = checkNumber(path, type, value);
  switch (type) {
    case "u8":
      return view.setUint8(offset, number);
    case "u16":
      return view.setUint16(offset, number, true);
    case "be16":
      return view.setUint16(offset, number);
    case "u32":
      return view.setUint32(offset, number, true);
    case "i32":
      return view.setInt32(offset, number, true);
  }
}

function encodeText(path: string, text: string, size: number): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length >= size || bytes.includes(0)) {
    throw new RangeError(
      `Cannot encode "${path}": want at most ${size - 1} bytes of UTF-8 without NUL, ` +
        `"${text}" has ${bytes.length}`,
    );
  }
  return bytes;
}

function checkNumber(path: string, type: Exclude<Integer, "u64">, value: unknown): number {
  const [, least, most] = NUMBERS[type];
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw new RangeError(
    `Cannot encode "${path}": want an integer from ${least} to ${most}, got "${value}"`,
  );
}

function checkBigint(path: string, value: unknown): bigint {
  if (typeof value === "bigint" && value >= 0n && value <= U64_MAX) return value;
  throw new RangeError(
    `Cannot encode "${path}": want a bigint from 0 to ${U64_MAX}, got "${value}"`,
  );
}

function checkCount(path: string, got: number, want: number, unit: string): void {
  if (got === want) return;
  throw new RangeError(`Cannot encode "${path}": want ${want} ${unit}, got ${got}`);
}

function checkLength<T>(layout: Layout<T>, bytes: Uint8Array, action: string): void {
  if (bytes.length === layout.size) return;
  throw new RangeError(
    `Cannot ${action} struct ${layout.name}: want ${layout.size} bytes, got ${bytes.length}`,
  );
}

function elementSize(type: FieldType): number {
  if (typeof type !== "string") return type.size;
  if (type === "bytes" || type === "text" || type === "pad") return 1;
  return type === "u64" ? 8 : NUMBERS[type][0];
}
