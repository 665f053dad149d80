import { deepEqual, equal } from "node:assert/strict";
import { counterDifference, rates } from "./rates.ts";
import type { Sample } from "./types.ts";

function sample(seconds: number, packets: bigint): Sample {
  const traffic = { packets, bytes: packets * 100n };
  return {
    at: BigInt(seconds * 1e9),
    vips: new Map([[0, { ...traffic, newFlows: packets / 10n, serverIdMismatch: 0n }]]),
    reals: new Map([[7, traffic]]),
    counters: new Map([["sent.packets", packets], ["sent.bytes", packets * 114n]]),
    drops: new Map([["no_real", packets / 100n]]),
    cpus: [packets],
  };
}

Deno.test("rates() divides what was counted by the time between", () => {
  const result = rates(sample(10, 1000n), sample(12, 3000n));
  deepEqual(result.vips.get(0), { packets: 1000, bits: 800_000, newFlows: 100 });
  deepEqual(result.reals.get(7), { packets: 1000, bits: 800_000 });
  deepEqual(result.total.sent, { packets: 1000, bits: 912_000 });
  deepEqual(result.total.dropped, { packets: 0, bits: 0 });
  equal(result.drops.get("no_real"), 10);
  equal(result.seconds, 2);
});

Deno.test("rates() counts a new or reset counter from zero", () => {
  const empty: Sample = { ...sample(0, 0n), vips: new Map(), reals: new Map(), drops: new Map() };
  equal(rates(empty, sample(1, 50n)).vips.get(0)?.packets, 50);
  equal(rates(sample(0, 1000n), sample(1, 50n)).vips.get(0)?.packets, 50);
});

Deno.test("rates() is zero when no time passed", () => {
  equal(rates(sample(1, 0n), sample(1, 50n)).vips.get(0)?.packets, 0);
});

Deno.test("counterDifference() survives the end of u64", () => {
  equal(counterDifference((1n << 64n) - 5n, 10n), 15n);
  equal(counterDifference(5n, 10n), 5n);
  equal(counterDifference(10n, 5n), 5n);
});
