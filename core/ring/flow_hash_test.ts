import { equal, notEqual } from "node:assert/strict";
import fc from "fast-check";
import { mustParse } from "./_test_support.ts";
import { flowHash, KATRAN_SEEDS, slotOf } from "./flow_hash.ts";

/** Source, source port, destination port, hash, slot: what katran's own program computes. */
const VECTORS = [
  ["192.168.1.1", 31337, 80, 0xc7e68632, 48717],
  ["192.168.1.1", 31337, 0, 0x01c79de1, 39962],
  ["192.168.1.1", 0, 80, 0x979353bd, 48171],
  ["1.2.3.4", 1, 2, 0x59c9b6c5, 23804],
  ["0.0.0.0", 80, 80, 0x74ad2c29, 46973],
  ["0.0.0.0", 0, 0, 0x24923b12, 5760],
  ["fc00:2::1", 31337, 80, 0x9c5a2eda, 37505],
  ["2001:db8::dead:beef", 443, 51000, 0xdee5e7f0, 2315],
  ["::", 80, 80, 0x0a26ae81, 42075],
  ["::", 0, 0, 0x7aa02a75, 45014],
] as const;

Deno.test("flowHash() and slotOf() give katran's hashes and slots", () => {
  for (const [source, sourcePort, destinationPort, hash, slot] of VECTORS) {
    const { bytes, family } = mustParse(source);
    equal(flowHash(bytes, family, sourcePort, destinationPort), hash, source);
    equal(slotOf(hash), slot, source);
  }
});

Deno.test("flowHash() uses each seed in its place", () => {
  const v4 = mustParse("192.0.2.1").bytes;
  const v6 = mustParse("2001:db8::1").bytes;
  const other = { ...KATRAN_SEEDS, ipv6: 513 };
  equal(flowHash(v4, 4, 1, 2, other), flowHash(v4, 4, 1, 2));
  notEqual(flowHash(v6, 6, 1, 2, other), flowHash(v6, 6, 1, 2));
  notEqual(flowHash(v4, 4, 1, 2, { ...KATRAN_SEEDS, flow: 0 }), flowHash(v4, 4, 1, 2));
});

Deno.test("slotOf() is the remainder by 65537", () => {
  const edges = [0, 0xffff, 0x10000, 0x10001, 0xffff0000, 0xfffffffe, 0xffffffff];
  for (const hash of edges) equal(slotOf(hash), hash % 65537);
  fc.assert(fc.property(fc.nat(0xffffffff), (hash) => slotOf(hash) === hash % 65537));
});
