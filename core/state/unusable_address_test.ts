import { equal } from "node:assert/strict";
import { parsePrefix } from "../addr/parse_prefix.ts";
import { unusableReal, unusableVip } from "./unusable_address.ts";

function vip(text: string) {
  const prefix = parsePrefix(text);
  if (prefix === null) throw new Error(`No prefix: ${text}`);
  return { ...prefix, port: 80, protocol: "tcp" } as const;
}

Deno.test("unusableVip() refuses addresses that no client reaches, and takes wide prefixes", () => {
  equal(unusableVip(vip("198.51.100.10")), null);
  equal(unusableVip(vip("0.0.0.0/0")), null);
  equal(unusableVip(vip("0.0.0.0")), "is unspecified");
  equal(unusableVip(vip("127.0.0.0/8")), "is a loopback address");
  equal(unusableVip(vip("fe80::1")), "is a link-local address");
});

Deno.test("unusableReal() refuses what packets cannot be sent to, and the VIP itself", () => {
  const real = (text: string, local = false) => {
    const { address } = vip(text);
    return unusableReal({ address, local, name: "", encap: null }, vip("198.51.100.10"));
  };
  equal(real("10.0.0.1"), null);
  equal(real("127.0.0.1"), "is a loopback address");
  equal(real("198.51.100.10"), "has the VIP's own address");
  equal(real("198.51.100.10", true), null);
});
