import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { addressFromBytes, formatEndpoint, parseAddress, parseEndpoint } from "./mod.ts";

Deno.test("parseEndpoint() reads address, prefix and port", () => {
  const rows = [
    ["10.0.0.1:80", "10.0.0.1", 32, 80],
    ["[fc00::1]:80", "fc00::1", 128, 80],
    ["10.0.0.0/24:0", "10.0.0.0", 24, 0],
    ["[fc00::/64]:65535", "fc00::", 64, 65535],
    ["[::]:1", "::", 128, 1],
  ] as const;
  for (const [text, address, prefixLength, port] of rows) {
    deepEqual(parseEndpoint(text), { address: parseAddress(address), prefixLength, port }, text);
  }
});

Deno.test("parseEndpoint() refuses half an end point", () => {
  const texts = [
    "",
    ":80",
    "10.0.0.1",
    "10.0.0.1:",
    "10.0.0.1:65536",
    "10.0.0.1:080",
    "10.0.0.1:-1",
    "10.0.0.1:http",
    "[10.0.0.1]:80",
    "fc00::1:80",
    "[fc00::1]",
    "[fc00::1]80",
    "[fc00::1:80",
    "[[fc00::1]]:80",
    "[fc00::]/64:80",
    "10.0.0.1/24:80",
  ];
  for (const text of texts) equal(parseEndpoint(text), null, text);
});

Deno.test("parseEndpoint() reads back what formatEndpoint() writes", () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  const family = fc.constantFrom(4 as const, 6 as const);
  fc.assert(fc.property(bytes, family, fc.nat(65535), (bytes, family, port) => {
    const address = addressFromBytes(family, bytes);
    const prefixLength = family === 4 ? 32 : 128;
    deepEqual(parseEndpoint(formatEndpoint(address, port)), { address, prefixLength, port });
  }));
});

Deno.test("parseEndpoint() never throws", () => {
  const soup = fc.string({ unit: fc.constantFrom(..."0123456789abf:./[]"), maxLength: 50 });
  fc.assert(fc.property(soup, (text) => {
    const endpoint = parseEndpoint(text);
    equal(endpoint === null || endpoint.port <= 65535, true);
  }));
});
