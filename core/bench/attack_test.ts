import assert from "node:assert/strict";
import { RING_SIZE, SLOT_REAL_MASK, SLOT_UNSTABLE } from "../ring/constants.ts";
import { changedRing, flowSlots, judgeAttack } from "./attack.ts";
import { tcpFrame } from "./frames.ts";

const REPORT = {
  ...{ established: 1000, unstable: 50, flood: 10_000, kept: 999, entries: 64, capacity: 64 },
  ...{ knownNs: 30, synNs: 36 },
};

Deno.test("judgeAttack() wants 99.9 % kept, a SYN within 1.2, the table within its bound", () => {
  assert.deepEqual(judgeAttack(REPORT), { keptShare: 0.999, synRatio: 1.2, within: true });
  assert.equal(judgeAttack({ ...REPORT, kept: 998 }).within, false);
  assert.equal(judgeAttack({ ...REPORT, synNs: 36.1 }).within, false);
  assert.equal(judgeAttack({ ...REPORT, entries: 65 }).within, false);
});

Deno.test("changedRing() makes one slot in 20 unstable, whose older flows are elsewhere", () => {
  const slots = new Uint16Array(RING_SIZE).map((_, i) => 1 + i % 7);
  const ring = { slots, prev: new Uint16Array(RING_SIZE), changedAt: 0, generation: 1 };
  const changed = changedRing(ring);
  const unstable = [...changed.slots.keys()].filter((i) =>
    ((changed.slots[i] ?? 0) & SLOT_UNSTABLE) !== 0
  );
  assert.equal(unstable.length, Math.ceil(RING_SIZE / 20));
  for (const slot of changed.slots.keys()) {
    assert.equal((changed.slots[slot] ?? 0) & SLOT_REAL_MASK, slots[slot]);
  }
  for (const slot of unstable) {
    assert.notEqual(changed.prev[slot], 0);
    assert.notEqual(changed.prev[slot], slots[slot]);
  }
  assert.equal(ring.prev.every((real) => real === 0), true);
});

Deno.test("flowSlots() spreads flows over the ring", () => {
  const slots = flowSlots(tcpFrame({ address: "10.200.1.1", port: 80 }), 4096);
  assert.equal(slots.length, 4096);
  assert.ok(new Set(slots).size > 3900);
  assert.ok(slots.every((slot) => slot < RING_SIZE));
});
