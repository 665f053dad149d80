import { equal, ok } from "node:assert/strict";
import { LiveBlock } from "./live.ts";

const screen = () => ({ isTerminal: true, columns: 80, rows: 4 });

function recorder() {
  const written: string[] = [];
  return { written, output: { write: (text: string) => void written.push(text) } };
}

Deno.test("LiveBlock redraws only the lines that differ", () => {
  const { written, output } = recorder();
  using block = new LiveBlock(output, screen);
  block.draw(["one", "two"]);
  block.draw(["one", "TWO"]);
  equal(written[1], "\rone\x1b[K\n\rtwo\x1b[K\n\r\x1b[J");
  equal(written[2], "\x1b[2A\n\rTWO\x1b[K\n\r\x1b[J");
});

Deno.test("LiveBlock keeps to the height of the screen", () => {
  const { written, output } = recorder();
  using block = new LiveBlock(output, screen);
  block.draw(["1", "2", "3", "4", "5"]);
  ok(!written.join("").includes("4"));
});

Deno.test("LiveBlock gives the cursor back", () => {
  const { written, output } = recorder();
  {
    using _block = new LiveBlock(output, screen);
    equal(written.at(-1), "\x1b[?25l");
  }
  equal(written.at(-1), "\x1b[?25h");
});
