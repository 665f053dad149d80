import assert from "node:assert/strict";
import { errno } from "./errno.ts";

const HEADERS = ["/usr/include/asm-generic/errno-base.h", "/usr/include/asm-generic/errno.h"];

Deno.test("errno() takes either sign", () => {
  assert.deepEqual(errno(-1), { number: 1, name: "EPERM", text: "operation not permitted" });
  assert.deepEqual(errno(1), errno(-1));
});

Deno.test("errno() names the kernel's own ENOTSUPP", () => {
  assert.equal(errno(-524).name, "ENOTSUPP");
});

Deno.test("errno() says so when it has no name", () => {
  assert.deepEqual(errno(4095), { number: 4095, name: "errno 4095", text: "unknown error" });
});

Deno.test({
  name: "errno() has the numbers of the kernel's headers",
  ignore: !hasHeaders(),
  fn: () => {
    let known = 0;
    for (const header of HEADERS) {
      const defines = Deno.readTextFileSync(header).matchAll(/^#define\s+(E\w+)\s+(\d+)/gm);
      for (const [, name, number] of defines) {
        const got = errno(Number(number)).name;
        if (got.startsWith("errno ")) continue;
        assert.equal(got, name);
        known++;
      }
    }
    assert.ok(known > 50);
  },
});

function hasHeaders(): boolean {
  try {
    return HEADERS.every((path) => Deno.statSync(path).isFile);
  } catch {
    return false;
  }
}
