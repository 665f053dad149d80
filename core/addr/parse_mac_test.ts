import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { formatMac, parseMac } from "./mod.ts";

Deno.test("parseMac() reads both cases", () => {
  deepEqual(parseMac("02:aB:00:00:00:Ff"), Uint8Array.of(2, 0xab, 0, 0, 0, 255));
});

Deno.test("parseMac() refuses what is no MAC address", () => {
  const texts = ["", "02:00:00:00:00", "02:00:00:00:00:00:00", "2:0:0:0:0:1", "02-00-00-00-00-01"];
  for (const text of texts) equal(parseMac(text), null, text);
  equal(parseMac("02:00:00:00:00:0g"), null);
  equal(parseMac("02:00:00:00:00:01\n"), null);
});

Deno.test("parseMac() reads back what formatMac() writes", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
    deepEqual(parseMac(formatMac(bytes)), bytes);
  }));
});
