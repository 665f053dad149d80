import { equal } from "node:assert/strict";
import fc from "fast-check";
import type { Affinity, Protocol } from "../../core/state/types.ts";
import { type Tally, World } from "./ring_world.ts";

type Event = (world: World) => void;

const anyReal = fc.nat(9);
const weight = fc.constantFrom(0, 1, 1, 2, 5);

const control: fc.Arbitrary<Event> = fc.oneof(
  weight.map((weight): Event => (world) => world.add(weight)),
  fc.tuple(anyReal, fc.constantFrom("soft" as const, "soft" as const, "hard" as const))
    .map(([n, how]): Event => (world) => world.toggle(n, how)),
  fc.tuple(anyReal, weight).map(([n, weight]): Event => (world) => world.reweight(n, weight)),
  fc.tuple(
    anyReal,
    fc.constantFrom("up" as const, "up" as const, "drained" as const, "down" as const),
  )
    .map(([n, state]): Event => (world) => world.setState(n, state)),
);

// Short, a UDP life, a little more, and longer than a TCP flow may be silent.
const pause = fc.constantFrom(1, 30, 100, 600, 1200, 1728, 1789, 5000, 200_000, 430_000);

/** Packets of some flows, with a moment between them. */
const traffic = fc.array(fc.nat(39), { minLength: 1, maxLength: 30, size: "max" })
  .map((ids): Event => (world) =>
    ids.forEach((id) => {
      world.send(id);
      world.wait(1);
    })
  );

/** Flows that live on while time passes: several times one pause between two of their packets. */
const longLife = fc.tuple(fc.array(fc.nat(39), { minLength: 1, maxLength: 8 }), pause)
  .map(([ids, ticks]): Event => (world) => {
    for (let round = 0; round < 4; round++) {
      for (const id of ids) world.send(id);
      world.wait(ticks);
    }
  });

// Between a change of a real and the new ring packets may pass: the control plane lags.
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: control.map((change): Event => (world) => (change(world), world.sync())),
  },
  { weight: 2, arbitrary: control },
  { weight: 1, arbitrary: fc.constant<Event>((world) => world.sync()) },
  { weight: 2, arbitrary: fc.constant<Event>((world) => world.settle()) },
  { weight: 4, arbitrary: pause.map((ticks): Event => (world) => world.wait(ticks)) },
  { weight: 1, arbitrary: fc.nat(39).map((id): Event => (world) => world.close(id)) },
  { weight: 6, arbitrary: traffic },
  { weight: 3, arbitrary: longLife },
);

const cases: readonly (readonly [Protocol, Affinity])[] = [
  ["tcp", "default"],
  ["udp", "default"],
  ["tcp", "always"],
  ["udp", "always"],
];

for (const [protocol, affinity] of cases) {
  Deno.test(`stepRing() and settleRing() move no living ${protocol} flow, affinity ${affinity}`, () => {
    const tally: Tally = {
      checked: 0,
      entryHits: 0,
      prevPicks: 0,
      unusable: 0,
      settled: 0,
      freed: 0,
    };
    const events = fc.array(event, { minLength: 20, maxLength: 150, size: "max" });
    fc.assert(
      fc.property(events, (events) => {
        const world = new World(protocol, affinity, tally);
        for (const weight of [1, 1, 2]) world.add(weight);
        world.sync();
        for (const event of events) event(world);
      }),
      { numRuns: 300 },
    );
    for (const [path, times] of Object.entries(tally)) {
      equal(times > 100, true, `Path "${path}" was taken "${times}" times`);
    }
  });
}
