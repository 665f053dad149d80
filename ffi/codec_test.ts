import assert from "node:assert/strict";
import fc from "fast-check";
import * as abi from "./abi.gen.ts";
import { decode, encode } from "./codec.ts";
import type { Field, FieldType, Layout } from "./layout.ts";

/** Every layout of abi.h: the constants that are objects with fields. */
const LAYOUTS = Object.values<unknown>(abi).filter((value): value is Layout<unknown> =>
  typeof value === "object" && value !== null && "fields" in value
);
const Sample: Layout<unknown> = {
  name: "sample",
  size: 24,
  fields: [
    { name: "word", offset: 0, type: "u32", count: null },
    { name: "port", offset: 4, type: "be16", count: null },
    { name: "pad", offset: 6, type: "pad", count: 2 },
    { name: "long", offset: 8, type: "u64", count: null },
    { name: "text", offset: 16, type: "text", count: 4 },
    { name: "delta", offset: 20, type: "i32", count: null },
  ],
};
const SAMPLE = { word: 0x01020304, port: 0x1f90, long: 5n, text: "abc", delta: -2 };

Deno.test("encode() writes numbers little endian, ports in network order, padding as zeros", () => {
  assert.deepEqual(
    [...encode(Sample, SAMPLE)],
    [4, 3, 2, 1, 0x1f, 0x90, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 97, 98, 99, 0, 0xfe, 255, 255, 255],
  );
});

Deno.test("decode() is the inverse of encode() for every struct of abi.h", () => {
  assert.ok(LAYOUTS.length > 20);
  for (const layout of LAYOUTS) {
    const runs = layout.size > 10_000 ? 2 : 50;
    fc.assert(
      fc.property(valueOf(layout), (value) => {
        const bytes = encode(layout, value);
        assert.equal(bytes.length, layout.size);
        assert.deepEqual(decode(layout, bytes), value);
      }),
      { numRuns: runs },
    );
  }
});

Deno.test("decode() shares no memory with its input", () => {
  const bytes = encode(abi.VipInfo, {
    addr: new Uint8Array(16),
    port: 80,
    proto: 6,
    family: 4,
    prefix_len: 32,
    state: 1,
    ring_hash: 2,
    flags: 0,
    name: "web",
  });
  const info = decode(abi.VipInfo, bytes);
  bytes.fill(0xff);
  assert.deepEqual([info.addr[0], info.name], [0, "web"]);
});

Deno.test("decode() reads structs from the middle of a buffer", () => {
  const bytes = new Uint8Array(20);
  bytes.set(encode(abi.GlobalFlow, { last_seen: 7, real: 9 }), 5);
  assert.deepEqual(decode(abi.GlobalFlow, bytes.subarray(5, 13)), { last_seen: 7, real: 9 });
});

Deno.test("decode() and encode() refuse another length", () => {
  assert.throws(
    () => decode(abi.GlobalFlow, new Uint8Array(7)),
    new RangeError("Cannot decode struct global_flow: want 8 bytes, got 7"),
  );
  assert.throws(
    () => encode(abi.DecapKey, { addr: new Uint8Array(4) }),
    new RangeError('Cannot encode "decap_key.addr": want 16 bytes, got 4'),
  );
  assert.throws(
    () => encode(abi.VipBucket, { entry: [] }),
    new RangeError('Cannot encode "vip_bucket.entry": want 2 elements, got 0'),
  );
});

for (const [field, value] of [["word", -1], ["word", 2 ** 32], ["word", 0.5], ["port", 65536]]) {
  Deno.test(`encode() refuses ${field} ${value}`, () => {
    assert.throws(() => encode(Sample, { ...SAMPLE, [`${field}`]: value }), RangeError);
  });
}

Deno.test("encode() refuses a bigint beyond 64 bits, and a number in its place", () => {
  for (const long of [1n << 64n, -1n, 5]) {
    assert.throws(() => encode(Sample, { ...SAMPLE, long }), /Cannot encode "sample.long"/);
  }
});

Deno.test("encode() refuses text that would be cut, also within a character", () => {
  for (const text of ["abcd", "aé€", "a\0b"]) {
    assert.throws(() => encode(Sample, { ...SAMPLE, text }), /want at most 3 bytes of UTF-8/);
  }
  assert.equal(
    (decode(Sample, encode(Sample, { ...SAMPLE, text: "€" })) as typeof SAMPLE).text,
    "€",
  );
});

function valueOf(layout: Layout<unknown>): fc.Arbitrary<unknown> {
  const fields = layout.fields.filter((field) => field.type !== "pad");
  return fc.record(
    Object.fromEntries(fields.map((field) => [field.name, fieldValue(field)])),
    { noNullPrototype: true },
  );
}

function fieldValue({ type, count }: Field): fc.Arbitrary<unknown> {
  if (count === null) return oneValue(type);
  const length = { minLength: count, maxLength: count };
  switch (type) {
    case "bytes":
      return fc.uint8Array(length);
    case "u16":
      return fc.uint16Array(length);
    case "u32":
      return fc.uint32Array(length);
    case "u64":
      return fc.bigUint64Array(length);
    case "text":
      return fc.string({ maxLength: 15, unit: "grapheme" }).filter((text) =>
        new TextEncoder().encode(text).length < count && !text.includes("\0")
      );
    default:
      return fc.array(oneValue(type), length);
  }
}

function oneValue(type: FieldType): fc.Arbitrary<unknown> {
  if (typeof type !== "string") return valueOf(type);
  switch (type) {
    case "u8":
      return fc.integer({ min: 0, max: 0xff });
    case "u64":
      return fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    case "u32":
      return fc.integer({ min: 0, max: 0xffffffff });
    case "i32":
      return fc.integer({ min: -0x80000000, max: 0x7fffffff });
    default:
      return fc.integer({ min: 0, max: 0xffff });
  }
}
