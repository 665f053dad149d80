import { equal } from "node:assert/strict";
import { unusableKind } from "./address_kind.ts";
import { parseAddress } from "./parse_address.ts";

Deno.test("unusableKind() says why no server can be reached at an address", () => {
  for (
    const [text, expected] of [
      ["10.0.0.1", null],
      ["240.0.0.1", null],
      ["fc00::1", null],
      ["64:ff9b::1", null],
      ["0.0.0.0", "unspecified"],
      ["::", "unspecified"],
      ["127.0.0.1", "a loopback address"],
      ["::1", "a loopback address"],
      ["169.254.1.1", "a link-local address"],
      ["fe80::1", "a link-local address"],
      ["febf::1", "a link-local address"],
      ["224.0.0.1", "a multicast address"],
      ["239.255.255.255", "a multicast address"],
      ["ff02::1", "a multicast address"],
      ["255.255.255.255", "the broadcast address"],
      ["::ffff:10.0.0.1", "an IPv4-mapped address"],
    ] as const
  ) {
    const address = parseAddress(text);
    equal(address && unusableKind(address), expected, text);
  }
});
