import assert from "node:assert/strict";
import { cpio, EXECUTABLE } from "./cpio.ts";

const text = new TextEncoder();

Deno.test("cpio() writes header, name and content, each on a multiple of four bytes", () => {
  const archive = cpio([{ path: "init", mode: EXECUTABLE, content: text.encode("hello") }]);
  const first = [
    "070701" + "00000001" + "000081ed" + "00000000" + "00000000" + "00000001" + "00000000",
    "00000005" + "00000000".repeat(4) + "00000005" + "00000000",
    "init\0\0",
    "hello\0\0\0",
  ].join("");
  assert.equal(new TextDecoder().decode(archive.subarray(0, first.length)), first);
  assert.equal(first.length % 4, 0);
});

Deno.test("cpio() ends with the trailer", () => {
  const archive = new TextDecoder().decode(cpio([]));
  assert.match(archive, /^070701[0-9a-f]{104}TRAILER!!!\0+$/);
  assert.equal(archive.length % 4, 0);
});
