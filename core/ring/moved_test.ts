import { deepEqual, throws } from "node:assert/strict";
import { movedSlots } from "./moved.ts";

const rows = [
  { name: "nothing for equal rings", before: [1, 2, 3], after: [1, 2, 3], moved: 0, minimum: 0 },
  { name: "no unstable bits", before: [1, 2], after: [0x8001, 2], moved: 0, minimum: 0 },
  {
    name: "the slots of a real that left",
    before: [1, 1, 2],
    after: [3, 3, 2],
    moved: 2,
    minimum: 2,
  },
  { name: "an exchange as avoidable", before: [1, 2, 2], after: [2, 1, 2], moved: 2, minimum: 0 },
  { name: "a share that shrank", before: [1, 1, 1, 2], after: [2, 1, 2, 1], moved: 3, minimum: 1 },
  { name: "no slot that was empty", before: [0, 0, 1], after: [1, 2, 1], moved: 0, minimum: 0 },
  { name: "slots that become empty", before: [1, 2, 2], after: [1, 0, 0], moved: 2, minimum: 2 },
];

for (const { name, before, after, ...movement } of rows) {
  Deno.test(`movedSlots() counts ${name}`, () => {
    deepEqual(movedSlots(Uint16Array.from(before), Uint16Array.from(after)), movement);
  });
}

Deno.test("movedSlots() refuses rings of two sizes", () => {
  throws(() => movedSlots(new Uint16Array(3), new Uint16Array(4)), {
    name: "RangeError",
    message: 'Cannot compare a ring of "3" slots with one of "4"',
  });
});
