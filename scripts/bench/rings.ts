import { parseAddress } from "../../core/addr/parse_address.ts";
import { DEFAULT_WORLD } from "../../core/bench/classes/define.ts";
import { maglev, type RingMember } from "../../core/ring/maglev.ts";
import { patchDown } from "../../core/ring/patch.ts";
import type { Ring } from "../../core/state/types.ts";
import { PinnedThread } from "../../ffi/bench/pinned_thread.ts";
import { WeirTarget } from "../../ffi/bench/weir_target.ts";
import { type Measurement, medianMs } from "./measurement.ts";

const REALS = 1000;
const RING_BUILD_MS = 3;
const HEALTH_PATCH_MS = 0.5;
/** Kernels before 7 wait for all CPUs when an inner map is swapped. */
const RING_WRITES = 5;

/**
 * How fast rings are made, patched and written.
 *
 * @param loadBalancer The ELF file, dist/bpf/lb.bpf.o.
 */
export function measureRings(loadBalancer: Uint8Array): readonly Measurement[] {
  using _thread = new PinnedThread();
  const members = Array.from({ length: REALS }, (_, i): RingMember => ({
    real: i + 1,
    address: parseAddress(`10.0.${i >> 8}.${i & 255}`) ?? fail(),
    weight: 1 + i % 10,
  }));
  const base = maglev(members, "maglev-v2");
  let turn = 0;
  const build = medianMs(() => maglev(members, "maglev-v2"));
  const patch = medianMs(() => {
    const down = 1 + turn++ % REALS;
    patchDown(base, (real) => real === down);
  }, 100);
  return [
    {
      ...{ name: `ring of ${base.length} slots, ${REALS} reals with weights, built` },
      ...{ value: build, unit: "ms", limit: RING_BUILD_MS },
    },
    {
      ...{ name: `health patch of one real of ${REALS}` },
      ...{ value: patch, unit: "ms", limit: HEALTH_PATCH_MS },
    },
    {
      ...{ name: "ring written to the kernel and swapped" },
      ...{ value: writeMs(loadBalancer, base), unit: "ms", limit: null },
    },
  ];
}

function writeMs(loadBalancer: Uint8Array, slots: Uint16Array): number {
  using weir = new WeirTarget(loadBalancer, DEFAULT_WORLD);
  const ring: Ring = { slots, prev: new Uint16Array(slots.length), changedAt: 0, generation: 1 };
  return medianMs(() => weir.dataplane.write({ op: "ring", vip: 0, ring }), RING_WRITES);
}

function fail(): never {
  throw new Error("unreachable");
}
