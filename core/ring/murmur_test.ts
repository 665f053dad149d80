import { equal } from "node:assert/strict";
import { murmur } from "./murmur.ts";

Deno.test("murmur() gives the reference results", () => {
  equal(murmur(0n, 0n, 0n), 0x4bbd1bf27da918d6n);
  equal(murmur(1n, 2n, 3n), 0x911f9cd942587832n);
  equal(murmur(0xd671359dbaa15954n, 42n, 0n), 0x7e0fc224ee1bbbe7n);
  equal(murmur(0xd671359dbaa15954n, 2718281828n, 2307n), 0x3e1f071290cb4773n);
  equal(murmur(0x64e74a25b986d744n, 2718281828n, 2307n), 0xbe25a40410ecec50n);
});
