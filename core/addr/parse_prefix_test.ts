import { deepEqual, equal } from "node:assert/strict";
import { parseAddress, parsePrefix } from "./mod.ts";

Deno.test("parsePrefix() reads address and length", () => {
  const rows = [
    ["10.0.0.0/8", "10.0.0.0", 8],
    ["10.1.2.3/32", "10.1.2.3", 32],
    ["10.1.2.3", "10.1.2.3", 32],
    ["10.1.2.2/31", "10.1.2.2", 31],
    ["0.0.0.0/0", "0.0.0.0", 0],
    ["fc00::/7", "fc00::", 7],
    ["::/0", "::", 0],
    ["fc00::1", "fc00::1", 128],
    ["2001:db8:8000::/33", "2001:db8:8000::", 33],
  ] as const;
  for (const [text, address, prefixLength] of rows) {
    deepEqual(parsePrefix(text), { address: parseAddress(address), prefixLength }, text);
  }
});

Deno.test("parsePrefix() refuses host bits and bad lengths", () => {
  const texts = [
    "10.0.0.1/31",
    "10.0.0.0/4",
    "0.0.0.1/0",
    "fe00::/6",
    "fc00::1/127",
    "10.0.0.0/33",
    "fc00::/129",
    "10.0.0.0/",
    "10.0.0.0/08",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "/8",
    "",
  ];
  for (const text of texts) equal(parsePrefix(text), null, text);
});
