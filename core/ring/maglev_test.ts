import { deepEqual, equal, throws } from "node:assert/strict";
import type { RingHash } from "../state/types.ts";
import { manyMembers, members, mustParse, sha256, shares } from "./_test_support.ts";
import { maglev, type RingMember } from "./maglev.ts";

const V1: RingHash = "maglev-v1";
const V2: RingHash = "maglev-v2";

const A = members([["10.0.0.1", 1], ["10.0.0.2", 2], ["10.0.0.3", 3]]);
const B = members([["fc00::1", 1], ["fc00::2", 1], ["fc00::3", 1]]);
const C = members([["10.0.0.1", 10922], ["10.0.0.2", 21845], ["10.0.0.3", 32770]]);
const D = members([["10.0.0.1", 1], ["10.0.0.2", 1], ["10.0.0.3", 1]]);
const E = members([
  ["192.168.200.255", 5],
  ["2001:db8::1", 0],
  ["10.0.0.1", 7],
  ["2001:db8::2", 100],
  ["10.200.30.40", 50],
]);
const F = members(
  Array.from({ length: 400 }, (_, i) => [`10.0.${Math.floor(i / 250)}.${i % 250 + 1}`, 1] as const),
);

interface Vector {
  readonly name: string;
  readonly members: readonly RingMember[];
  readonly algorithm: RingHash;
  readonly sha256: string;
  readonly first?: readonly number[];
  /** Slots by real index from 1 on. */
  readonly shares?: readonly number[];
}

/** Rings made by katran's own code. */
const VECTORS: readonly Vector[] = [
  {
    name: "A",
    members: A,
    algorithm: V1,
    sha256: "71d03bf6d146b976535d901f630dd9f02330e9fb8d555d1ee12989ad1073ebf7",
    first: [2, 1, 3, 2, 1, 3, 3, 1, 1, 2, 1, 2, 2, 1, 2, 3, 1, 2, 3, 1],
    shares: [21844, 21846, 21847],
  },
  {
    name: "A",
    members: A,
    algorithm: V2,
    sha256: "134807bb0864c1b3ac29fb22583156715d17b8ccf8ab23951cbe035db46579bf",
    first: [2, 3, 3, 2, 1, 3, 3, 1, 3, 2, 3, 3, 2, 1, 2, 3, 1, 2, 3, 3],
    shares: [10922, 21846, 32769],
  },
  {
    name: "B",
    members: B,
    algorithm: V1,
    sha256: "cef27906cbfb2496c1eb5b0fa888304ba21b561bc872281721111ea8ab680cc7",
    first: [2, 3, 2, 2, 2, 3, 3, 3, 1, 3, 2, 2, 2, 2, 3, 3, 3, 1, 1, 2],
    shares: [21846, 21845, 21846],
  },
  {
    name: "B",
    members: B,
    algorithm: V2,
    sha256: "cef27906cbfb2496c1eb5b0fa888304ba21b561bc872281721111ea8ab680cc7",
  },
  {
    name: "C",
    members: C,
    algorithm: V1,
    sha256: "ca812be790dc16099793fbd8d6467ae4d41eaa633e8e713a13b7d78268743edf",
    first: [2, 3, 3, 2, 3, 3, 2, 1, 3, 3, 3, 2, 1, 3, 2, 3, 1, 2, 3, 3],
    shares: [10922, 21845, 32770],
  },
  {
    name: "C",
    members: C,
    algorithm: V2,
    sha256: "9fdbc6e09450b0c37c6df3c5e87a0afb1a5bc09e2d3fb750a822bde14432327b",
    first: [2, 3, 3, 2, 1, 3, 3, 1, 3, 2, 3, 3, 2, 1, 2, 3, 1, 2, 3, 3],
    shares: [10922, 21845, 32770],
  },
  {
    name: "D",
    members: D,
    algorithm: V1,
    sha256: "2790e8c3fe9ecc1f97570386e3fc15608aa00dbcd19b2186bfc78b9105af3959",
  },
  {
    name: "D",
    members: D,
    algorithm: V2,
    sha256: "2790e8c3fe9ecc1f97570386e3fc15608aa00dbcd19b2186bfc78b9105af3959",
  },
  {
    name: "E",
    members: E,
    algorithm: V1,
    sha256: "b6da671f46553936f4065056d102c23961021a5d7010c06d3d24ea336b8884d8",
    first: [5, 5, 3, 4, 1, 1, 5, 4, 4, 4, 3, 5, 1, 5, 5, 1, 3, 4, 5, 1],
  },
  {
    name: "E",
    members: E,
    algorithm: V2,
    sha256: "6c647e5396b2108f2676d81dc99950aabfb9db79f507b2dfb1e964f1e349beb1",
    first: [4, 5, 4, 4, 4, 4, 5, 4, 4, 4, 4, 5, 4, 5, 5, 5, 4, 4, 5, 1],
    shares: [2022, 0, 2831, 40456, 20228],
  },
  {
    name: "F",
    members: F,
    algorithm: V1,
    sha256: "f65c825586385f66af112da34d35399253a55c13b693a735f7667c83bc90ce54",
  },
  {
    name: "F",
    members: F,
    algorithm: V2,
    sha256: "f65c825586385f66af112da34d35399253a55c13b693a735f7667c83bc90ce54",
  },
];

for (const vector of VECTORS) {
  Deno.test(`maglev() makes katran's ring ${vector.name} by ${vector.algorithm}`, async () => {
    const ring = maglev(vector.members, vector.algorithm);
    if (vector.first !== undefined) deepEqual([...ring.subarray(0, 20)], vector.first);
    const counts = shares(ring);
    vector.shares?.forEach((slots, i) => equal(counts.get(i + 1) ?? 0, slots));
    equal(await sha256(ring), vector.sha256);
  });
}

Deno.test("maglev() makes katran's ring of 13 slots", () => {
  deepEqual([...maglev(A, V1, 13)], [3, 2, 1, 2, 2, 3, 2, 3, 1, 2, 3, 1, 3]);
  deepEqual([...maglev(A, V2, 13)], [3, 2, 2, 3, 3, 3, 2, 3, 1, 2, 3, 1, 3]);
});

Deno.test("maglev() leaves every slot empty without weights", () => {
  equal(maglev([], V1).every((real) => real === 0), true);
  equal(maglev(members([["10.0.0.1", 0], ["10.0.0.2", 0]]), V2).every((real) => real === 0), true);
});

Deno.test("maglev() gives a single real every slot", () => {
  const two = members([["10.0.0.1", 0], ["10.0.0.2", 1]]);
  for (const algorithm of [V1, V2]) {
    const ring = maglev(two, algorithm);
    equal(ring.length, 65537);
    equal(ring.every((real) => real === 2), true);
  }
});

Deno.test("maglev() decides between equal hashes by address, not by index", () => {
  const v4 = mustParse("10.0.0.1");
  const mapped = mustParse("::ffff:10.0.0.1");
  const rest = { real: 3, address: mustParse("10.0.0.2"), weight: 1 };
  const ring = (first: number, second: number) =>
    maglev(
      [{ real: first, address: v4, weight: 1 }, { real: second, address: mapped, weight: 2 }, rest],
      V2,
    );
  const renamed = ring(2, 1).map((real) => real === 3 ? 3 : 3 - real);
  deepEqual(ring(1, 2), renamed);
});

Deno.test("maglev() writes the largest index and takes the largest weight", () => {
  const [first, second] = members([["10.0.0.1", 65535], ["10.0.0.2", 1]]);
  if (first === undefined || second === undefined) throw new Error("Cannot make members");
  const counts = shares(maglev([{ ...first, real: 32767 }, second], V2));
  deepEqual(counts, new Map([[32767, 65536], [2, 1]]));
});

Deno.test("maglev() refuses an index or a weight that does not fit", () => {
  const address = mustParse("10.0.0.1");
  for (const real of [0, 32768, 1.5]) {
    throws(() => maglev([{ real, address, weight: 1 }], V1), {
      name: "RangeError",
      message: `Cannot put real "${real}" into a ring, expected 1 to 32767`,
    });
  }
  for (const weight of [-1, 65536, 0.5]) {
    throws(() => maglev([{ real: 1, address, weight }], V1), {
      name: "RangeError",
      message: `Cannot give real "1" the weight "${weight}", expected 0 to 65535`,
    });
  }
});

/** Digests of many more rings of katran's; they stand beside the repository, not in it. */
const published = readRings(new URL("../../../shared/rings.json", import.meta.url));

Deno.test({
  name: `maglev() makes every ring of ../shared/rings.json${published === null ? " (absent)" : ""}`,
  ignore: published === null,
  async fn() {
    const weights = new Map<string, (i: number) => number>([
      ["equal1", () => 1],
      ["equal100", () => 100],
      ["1to10", (i) => 1 + i % 10],
    ]);
    for (const row of published ?? []) {
      const weightOf = weights.get(row.weights);
      if (weightOf === undefined) throw new Error(`Cannot tell weights "${row.weights}"`);
      const ring = maglev(manyMembers(row.n, weightOf), row.func === "Maglev" ? V1 : V2);
      equal(await sha256(ring), row.sha256_plus1, `${row.func} ${row.weights} ${row.n}`);
    }
  },
});

interface PublishedRing {
  readonly func: string;
  readonly weights: string;
  readonly n: number;
  readonly sha256_plus1: string;
}

function readRings(url: URL): readonly PublishedRing[] | null {
  try {
    return JSON.parse(Deno.readTextFileSync(url)).rings;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
