import { deepEqual, equal, ok } from "node:assert/strict";
import { lockFile } from "./lock_file.ts";

Deno.test("lockFile() makes the second wait, and tells it for whom", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const waits: string[] = [];
    const first = await lockFile("main", "apply -f x", (holder) => waits.push(holder), directory);
    let isHeld = true;
    const second = lockFile("main", "status", (holder) => waits.push(holder), directory)
      .then((lock) => {
        equal(isHeld, false);
        lock[Symbol.dispose]();
      });
    while (waits.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    deepEqual(waits, [`"weir apply -f x" (pid ${Deno.pid})`]);
    isHeld = false;
    first[Symbol.dispose]();
    await second;
    deepEqual([...Deno.readDirSync(directory)], []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("lockFile() lets balancers be apart", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const never = () => ok(false, "waited");
    using _a = await lockFile("a", "x", never, directory);
    using _b = await lockFile("b", "x", never, directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("lockFile() lets one after the other in, though each removes the file", async () => {
  const directory = await Deno.makeTempDir();
  try {
    let inside = 0;
    const enter = async () => {
      using _lock = await lockFile("main", "x", () => {}, directory);
      equal(++inside, 1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside--;
    };
    await Promise.all(Array.from({ length: 20 }, enter));
    deepEqual([...Deno.readDirSync(directory)], []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
