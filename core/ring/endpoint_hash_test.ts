import { equal } from "node:assert/strict";
import { mustParse } from "./_test_support.ts";
import { endpointHash } from "./endpoint_hash.ts";

Deno.test("endpointHash() gives folly's hashes", () => {
  const vectors = [
    ["10.0.0.1", 0xd671359dbaa15954n],
    ["10.0.0.2", 0x2cd426d008b90279n],
    ["10.0.0.3", 0x6eb4a2989236785dn],
    ["192.168.200.255", 0x8c1ed149a08d37edn],
    ["10.200.30.40", 0x7155f12800b3c02fn],
    ["fc00::1", 0x64e74a25b986d744n],
    ["fc00::2", 0x87d247835b02295bn],
    ["fc00::3", 0x0b2e5ea98827f017n],
    ["2001:db8::1", 0xb7af62f1ee061155n],
    ["2001:db8::2", 0x8c205b431adb3f2fn],
    ["::", 0x525db05acfaae8e9n],
  ] as const;
  for (const [text, hash] of vectors) equal(endpointHash(mustParse(text)), hash, text);
});

Deno.test("endpointHash() takes a mapped address for its IPv4 form", () => {
  equal(endpointHash(mustParse("::ffff:10.0.0.1")), endpointHash(mustParse("10.0.0.1")));
});
