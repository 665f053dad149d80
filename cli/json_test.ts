import { equal } from "node:assert/strict";
import { jsonDocument } from "./json.ts";

Deno.test("jsonDocument() names schema and kind first and keeps every digit", () => {
  const data = { a: 2n ** 64n - 1n, b: new Map([["x", 1n]]), c: new Set([1]), d: [null, ""] };
  equal(
    jsonDocument("test", data, 0),
    '{"schema":"weir/v1","kind":"test","a":18446744073709551615,"b":{"x":1},"c":[1],"d":[null,""]}\n',
  );
});
