import { equal } from "node:assert/strict";
import { parseVipEndpoint, vipKeyText } from "./vip_key.ts";

for (
  const text of [
    "198.51.100.10:80",
    "198.51.100.0/24:443",
    "10.0.0.1:any",
    "[fc00::1]:80",
    "[fc00::/64]:any",
  ]
) {
  Deno.test(`vipKeyText() writes what parseVipEndpoint() reads: ${text}`, () => {
    const endpoint = parseVipEndpoint(text);
    equal(endpoint && vipKeyText({ ...endpoint, protocol: "udp" }), `udp ${text}`);
  });
}

Deno.test("parseVipEndpoint() reads port 0 as any and refuses what is no endpoint", () => {
  const endpoint = parseVipEndpoint("10.0.0.1:0");
  equal(endpoint && vipKeyText({ ...endpoint, protocol: "tcp" }), "tcp 10.0.0.1:any");
  for (const text of ["10.0.0.1", "10.0.0.1:70000", "10.0.0.1/24:80", "any:any", ""]) {
    equal(parseVipEndpoint(text), null);
  }
});
