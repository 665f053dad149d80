import assert from "node:assert/strict";
import {
  checksumOf,
  fold,
  negate,
  patchChecksum,
  pseudoSum,
  shiftChecksum,
  sumOf,
} from "./checksum.ts";
import { fromHex } from "./bytes.ts";

Deno.test("sumOf() and checksumOf() give the example of RFC 1071, section 3", () => {
  const bytes = fromHex("0001 f203 f4f5 f6f7");
  assert.equal(sumOf(bytes), 0xddf2);
  assert.equal(checksumOf(sumOf(bytes)), 0x220d);
});

Deno.test("sumOf() takes an odd last byte as the high half of a word", () => {
  assert.equal(sumOf(fromHex("0001 f2")), 0xf201);
});

Deno.test("sumOf() of a header with a valid checksum is 0xffff", () => {
  assert.equal(sumOf(fromHex("450000250001 00004011ad55 c0a80101 0ac80101")), 0xffff);
});

Deno.test("fold() folds more than one carry", () => {
  assert.equal(fold(0x1ffff), 1);
  assert.equal(fold(0xffff0001), 1);
});

Deno.test("pseudoSum() checks a UDP datagram", () => {
  const source = fromHex("c0a80101");
  const destination = fromHex("0ac80101");
  const datagram = fromHex("7a69005000119a05 77697265636865636b");
  const pseudo = pseudoSum(source, destination, 17, datagram.length);
  assert.equal(checksumOf(sumOf(datagram), pseudo), 0);
});

Deno.test("patchChecksum() agrees with a new computation for every checksum", () => {
  for (let word = 0; word <= 0xffff; word += 7) {
    const rest = fold(0x1234 + word);
    const before = checksumOf(rest, 0x4011);
    assert.equal(patchChecksum(before, 0x4011, 0x3f11), checksumOf(rest, 0x3f11));
  }
});

Deno.test("patchChecksum() gives 0, not 0xffff, where both are right (RFC 1624, section 3)", () => {
  assert.equal(patchChecksum(0xf7ff, 0x0800, 0x0000), 0);
  assert.equal(negate(0xffff), 0);
});

Deno.test("shiftChecksum() carries and borrows around, and keeps 0xffff", () => {
  assert.equal(shiftChecksum(0xf8ff, 0x0800), 0x0100);
  assert.equal(shiftChecksum(0xf7ff, 0x0800), 0xffff);
  assert.equal(shiftChecksum(0x0000, -0x0100), 0xfeff);
  assert.equal(shiftChecksum(0x0100, -0x0100), 0x0000);
});
