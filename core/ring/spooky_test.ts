import { deepEqual } from "node:assert/strict";
import { mustParse } from "./_test_support.ts";
import { spooky } from "./spooky.ts";

Deno.test("spooky() gives the reference results", () => {
  const vectors = [
    ["fc00::1", 0x0563a7577df4bd83n, 0x0e65df2e93f8eb27n],
    ["fc00::2", 0x47e809cca67ab9a8n, 0x650c27266b61cec4n],
    ["fc00::3", 0xab521a42c6b8edd1n, 0xa6ab517d57322b55n],
  ] as const;
  for (const [text, ...halves] of vectors) deepEqual(spooky(mustParse(text).bytes), halves, text);
});
