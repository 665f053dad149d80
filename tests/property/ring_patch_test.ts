import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { maglev } from "../../core/ring/maglev.ts";
import { patchDown } from "../../core/ring/patch.ts";

const REALS = 30;

const BASE = maglev(
  Array.from({ length: REALS }, (_, i) => i + 1).flatMap((real) => {
    const address = parseAddress(`192.0.2.${real}`);
    return address === null ? [] : [{ real, address, weight: 1 + real % 4 }];
  }),
  "maglev-v2",
);

/** Few or nearly all reals out: the latter need the linear part of the probe path. */
const outSet = fc.uniqueArray(fc.integer({ min: 1, max: REALS }), { maxLength: REALS });

function patched(out: Iterable<number>): Uint16Array {
  const set = new Set(out);
  return patchDown(BASE, (real) => set.has(real));
}

/** The first slot that is not as it should be, or -1. */
function firstWrong(ring: Uint16Array, isRight: (real: number, slot: number) => boolean): number {
  return ring.findIndex((real, slot) => !isRight(real, slot));
}

Deno.test("patchDown() moves exactly the slots of reals that are out", () => {
  fc.assert(
    fc.property(outSet, (out) => {
      const set = new Set(out);
      const ring = patched(out);
      const wrong = firstWrong(ring, (real, slot) => {
        const base = BASE[slot] ?? 0;
        return set.has(base) ? !set.has(real) && (real !== 0 || set.size === REALS) : real === base;
      });
      equal(wrong, -1);
    }),
    { numRuns: 60 },
  );
});

Deno.test("patchDown() moves only the slots that the next failure hits, in any sequence", () => {
  fc.assert(
    fc.property(outSet, (failures) => {
      let before = BASE;
      for (const [i, failed] of failures.entries()) {
        const after = patched(failures.slice(0, i + 1));
        equal(
          firstWrong(after, (real, slot) => (real !== before[slot]) === (before[slot] === failed)),
          -1,
        );
        before = after;
      }
    }),
    { numRuns: 8 },
  );
});

Deno.test("patchDown() gives one ring for a set, whatever the order of failures and recoveries", () => {
  const shuffledTwice = outSet.chain((out) =>
    fc.tuple(
      fc.shuffledSubarray(out, { minLength: out.length }),
      fc.shuffledSubarray(out, { minLength: out.length }),
    )
  );
  fc.assert(
    fc.property(shuffledTwice, ([one, other]) => deepEqual(patched(one), patched(other))),
    { numRuns: 30 },
  );
  deepEqual(patched([]), BASE);
});
