import { deepEqual, equal, throws } from "node:assert/strict";
import { addressFromBytes } from "./address_from_bytes.ts";

Deno.test("addressFromBytes() ignores what follows an IPv4 address in map order", () => {
  const bytes = new Uint8Array(16).fill(7);
  deepEqual(addressFromBytes(4, bytes), addressFromBytes(4, Uint8Array.of(7, 7, 7, 7)));
});

Deno.test("addressFromBytes() copies its bytes", () => {
  const bytes = new Uint8Array(16);
  const address = addressFromBytes(6, bytes);
  bytes[0] = 1;
  equal(address.bytes[0], 0);
});

Deno.test("addressFromBytes() refuses a length that does not fit the family", () => {
  throws(() => addressFromBytes(6, new Uint8Array(4)), {
    name: "RangeError",
    message: 'Cannot make an IPv6 address from "4" bytes, expected 16',
  });
  throws(() => addressFromBytes(4, new Uint8Array(15)), RangeError);
});
