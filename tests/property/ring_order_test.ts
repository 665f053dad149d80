import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { addressFromBytes } from "../../core/addr/address_from_bytes.ts";
import { maglev, type RingMember } from "../../core/ring/maglev.ts";

const address = fc.tuple(fc.constantFrom(4 as const, 6 as const), fc.nat(15))
  .map(([family, low]) => {
    const bytes = new Uint8Array(16);
    // Half of the IPv6 addresses are mapped ones, which share their hash with an IPv4 address.
    if (family === 4) bytes.set([10, 0, low >> 8, low & 255]);
    else if (low % 2 === 0) bytes.set([255, 255, 10, 0, low >> 8, low & 255], 10);
    else bytes.set([0xfc, 0, low >> 8, low & 255]);
    return addressFromBytes(family, bytes);
  });

const members: fc.Arbitrary<readonly RingMember[]> = fc.uniqueArray(
  fc.record({ address, weight: fc.oneof(fc.nat(4), fc.nat(65535)) }),
  { selector: (member) => member.address.text, minLength: 1, maxLength: 12 },
).map((rows) => rows.map((row, i) => ({ ...row, real: i + 1 })));

const algorithm = fc.constantFrom("maglev-v1" as const, "maglev-v2" as const);

Deno.test("maglev() does not depend on the order of its members", () => {
  const reordered = members.chain((members) =>
    fc.tuple(fc.constant(members), fc.shuffledSubarray([...members], { minLength: members.length }))
  );
  fc.assert(fc.property(reordered, algorithm, ([one, other], algorithm) => {
    deepEqual(maglev(one, algorithm, 251), maglev(other, algorithm, 251));
  }));
});

Deno.test("maglev() does not depend on how reals are numbered", () => {
  fc.assert(fc.property(members, algorithm, (members, algorithm) => {
    const renumbered = members.map((member) => ({ ...member, real: 32767 - member.real }));
    const renamed = maglev(renumbered, algorithm, 251).map((real) => real === 0 ? 0 : 32767 - real);
    deepEqual(maglev(members, algorithm, 251), renamed);
  }));
});
