import type { Sample } from "../../core/metrics/types.ts";

/** Counters of a balancer that forwards at a steady rate. */
export function sampleAt(seconds: number, packets: bigint): Sample {
  const traffic = { packets, bytes: packets * 100n };
  return {
    at: BigInt(Math.round(seconds * 1e9)),
    vips: new Map([[0, { ...traffic, newFlows: packets / 100n, serverIdMismatch: 0n }]]),
    reals: new Map([[1, { packets: packets / 4n * 3n, bytes: packets * 75n }], [
      2,
      { packets: packets / 4n, bytes: packets * 25n },
    ]]),
    counters: new Map([
      ["sent.packets", packets],
      ["sent.bytes", packets * 134n],
      ["dropped.packets", packets / 1000n],
      ["dropped.bytes", packets],
      ["passed.packets", 0n],
      ["passed.bytes", 0n],
      // Beyond 2^53, to keep every digit in JSON.
      ["ring_picks", packets === 0n ? 0n : 9_007_199_254_740_993n],
    ]),
    drops: new Map([["no_real", packets / 1000n], ["fragment", 0n]]),
    cpus: [packets - packets / 4n, 0n, packets / 4n],
  };
}
