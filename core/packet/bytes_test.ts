import assert from "node:assert/strict";
import {
  concat,
  equalBytes,
  fromHex,
  readU16,
  readU32,
  toHex,
  writeU16,
  writeU32,
} from "./bytes.ts";

Deno.test("readU16() and readU32() read network order, unsigned", () => {
  const bytes = fromHex("00 fe dc ba 98");
  assert.equal(readU16(bytes, 0), 0x00fe);
  assert.equal(readU32(bytes, 1), 0xfedcba98);
});

Deno.test("readU32() throws beyond the end", () => {
  assert.throws(
    () => readU32(fromHex("010203"), 0),
    /Cannot read byte "3": the buffer has 3 bytes/,
  );
});

Deno.test("writeU16() and writeU32() write what was read", () => {
  const bytes = new Uint8Array(6);
  writeU16(bytes, 0, 0x1ff02);
  writeU32(bytes, 2, 0xfedcba98);
  assert.equal(toHex(bytes), "ff02fedcba98");
});

Deno.test("fromHex() refuses half a byte", () => {
  assert.throws(() => fromHex("123"), SyntaxError);
});

Deno.test("concat() joins, equalBytes() compares", () => {
  assert.ok(equalBytes(concat(fromHex("01"), fromHex(""), fromHex("0203")), fromHex("010203")));
  assert.ok(!equalBytes(fromHex("01"), fromHex("0102")));
});
