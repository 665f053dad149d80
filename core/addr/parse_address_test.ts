import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { addressFromBytes, parseAddress } from "./mod.ts";

const ACCEPTED: readonly (readonly [text: string, canonical: string])[] = [
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["10.0.0.1", "10.0.0.1"],
  ["::", "::"],
  ["::1", "::1"],
  ["1::", "1::"],
  ["FC00:0000:0:0::0001", "fc00::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
  ["0:0:1::", "0:0:1::"],
  ["::ffff:10.0.0.1", "::ffff:10.0.0.1"],
  ["::ffff:a00:1", "::ffff:10.0.0.1"],
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
  ["1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"],
];

const REFUSED: readonly string[] = [
  "",
  "10.0.0",
  "10.0.0.1.",
  "10.0.0.01",
  "10.0.0.256",
  "10.0.0.+1",
  "10.0.0.0x1",
  " 10.0.0.1",
  "10.0.0.1\n",
  "10..0.1",
  ":",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4::5:6:7:8",
  "12345::",
  "g::",
  ":1::2",
  "1::2:",
  "[::1]",
  "fe80::1%eth0",
  "::1.2.3",
  "::1.2.3.256",
  "1.2.3.4::",
  "::1.2.3.4:5",
  "1:2:3:4:5:6:7:1.2.3.4",
];

Deno.test("parseAddress() reads every spelling to one canonical text", () => {
  for (const [text, canonical] of ACCEPTED) equal(parseAddress(text)?.text, canonical, text);
});

Deno.test("parseAddress() refuses what is no address", () => {
  for (const text of REFUSED) equal(parseAddress(text), null, text);
});

Deno.test("parseAddress() puts IPv4 in the first four of 16 bytes", () => {
  const address = parseAddress("192.0.2.255");
  equal(address?.family, 4);
  deepEqual(address?.bytes, Uint8Array.of(192, 0, 2, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
});

Deno.test("parseAddress() reads back the text of any address", () => {
  // Few byte values, so that runs of zero groups are common.
  const byte = fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255));
  const bytes16 = fc.array(byte, { minLength: 16, maxLength: 16 });
  fc.assert(fc.property(bytes16, fc.constantFrom(4 as const, 6 as const), (bytes, family) => {
    const address = addressFromBytes(family, Uint8Array.from(bytes));
    deepEqual(parseAddress(address.text), address);
  }));
});

Deno.test("parseAddress() agrees with the URL parser on IPv6", () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
  fc.assert(fc.property(groups, (values) => {
    const text = values.map((value) => value.toString(16)).join(":");
    const canonical = parseAddress(text)?.text ?? "";
    // The URL standard writes mapped addresses in hexadecimal, RFC 5952 section 5 with dots.
    if (!canonical.includes(".")) equal(`[${canonical}]`, new URL(`http://[${text}]/`).hostname);
  }));
});

Deno.test("parseAddress() never throws, and what it accepts is an address", () => {
  const soup = fc.string({ unit: fc.constantFrom(..."0123456789abcfF:.:./%[]"), maxLength: 50 });
  fc.assert(
    fc.property(fc.oneof(soup, fc.string()), (text) => {
      const address = parseAddress(text);
      if (address !== null) deepEqual(parseAddress(address.text), address);
    }),
    { numRuns: 2000 },
  );
});
