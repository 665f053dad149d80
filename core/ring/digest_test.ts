import { equal, notEqual } from "node:assert/strict";
import { manyMembers, mustParse } from "./_test_support.ts";
import { ringDigest } from "./digest.ts";
import { maglev, type RingMember } from "./maglev.ts";

const TEN = manyMembers(10, (i) => 1 + i);

function digestOf(members: readonly RingMember[], slots = maglev(members, "maglev-v2")): string {
  const addresses = new Map(members.map((member) => [member.real, member.address]));
  return ringDigest(slots, "maglev-v2", (real) => addresses.get(real) ?? mustParse("::"));
}

Deno.test("ringDigest() is the same in every version, for good", () => {
  const addresses = ["10.0.0.1", "fc00::1"].map(mustParse);
  const addressOf = (real: number) => addresses[real - 1] ?? mustParse("::");
  equal(ringDigest(Uint16Array.of(0, 1, 2, 1), "maglev-v2", addressOf), "2223ac46c96dd6e1");
  equal(ringDigest(Uint16Array.of(2), "maglev-v1", addressOf), "3cedbfc5292d6f6c");
});

Deno.test("ringDigest() does not depend on how reals are numbered", () => {
  const renumbered = TEN.map((member) => ({ ...member, real: 32767 - 7 * member.real }));
  equal(digestOf(renumbered), digestOf(TEN));
});

Deno.test("ringDigest() does not see unstable bits", () => {
  const slots = maglev(TEN, "maglev-v2").map((real, i) => i % 3 === 0 ? real | 0x8000 : real);
  equal(digestOf(TEN, slots), digestOf(TEN));
});

Deno.test("ringDigest() differs by slot, address, algorithm and size", () => {
  const slots = maglev(TEN, "maglev-v2");
  const other = slots.slice();
  other[65536] = slots[65536] === 1 ? 2 : 1;
  const moved = TEN.map((member) =>
    member.real === 3 ? { ...member, address: mustParse("::3") } : member
  );
  const digests = [
    digestOf(TEN),
    digestOf(TEN, other),
    digestOf(TEN, slots.subarray(1)),
    digestOf(TEN, slots.toReversed()),
    digestOf(moved, slots),
    ringDigest(slots, "maglev-v1", (real) => TEN[real - 1]?.address ?? mustParse("::")),
  ];
  equal(new Set(digests).size, digests.length);
});

Deno.test("ringDigest() tells an empty slot from a real", () => {
  notEqual(digestOf(TEN, new Uint16Array(3)), digestOf(TEN, Uint16Array.of(0, 1, 0)));
});
