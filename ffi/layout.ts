/** An integer of C: size in bits, signed or not. `be16` is `__be16`, read and written as its value. */
export type Integer = "u8" | "u16" | "u32" | "u64" | "i32" | "be16";

/**
 * What stands in a field.
 *
 * - `bytes`: octets as they are: MAC and IP addresses (`__u8[]`, `__be32`, `__be32[]`)
 * - `text`: `char[]`, UTF-8, padded with NUL and ended by at least one
 * - `pad`: nothing; zeros are written, no value has it
 */
export type FieldType = Integer | "bytes" | "text" | "pad" | Layout<unknown>;

/** One field of a struct. */
export interface Field {
  readonly name: string;
  /** From the start of the struct, in bytes. */
  readonly offset: number;
  readonly type: FieldType;
  /** Elements of an array, octets of `bytes`, `text` and `pad`; null: a single value. */
  readonly count: number | null;
}

/** Layout of a C struct, and with `T` the shape of its value in TypeScript. */
export interface Layout<T> {
  /** Name in C. */
  readonly name: string;
  /** In bytes, with padding. */
  readonly size: number;
  readonly fields: readonly Field[];
  /** Never there: carries the type. */
  readonly value?: T;
}
