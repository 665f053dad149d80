import type { Output, Screen } from "../host.ts";
import { truncate } from "./width.ts";

const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR_LINE_END = "\x1b[K";
const CLEAR_BELOW = "\x1b[J";

/** A block of lines that is redrawn in place; dispose it to give the cursor back. */
export class LiveBlock implements Disposable {
  readonly #output: Output;
  readonly #screen: () => Screen;
  #shown: readonly string[] = [];

  /**
   * @param output the terminal
   * @param screen its size, asked anew for each frame
   */
  constructor(output: Output, screen: () => Screen) {
    this.#output = output;
    this.#screen = screen;
    output.write(HIDE_CURSOR);
  }

  /**
   * Shows lines in place of the ones before; lines that stay the same are not sent again.
   *
   * @param lines what is wider or longer than the screen is cut
   */
  draw(lines: readonly string[]): void {
    const { rows, columns } = this.#screen();
    const fitting = lines.slice(0, Math.max(1, rows - 1)).map((line) => truncate(line, columns));
    const up = this.#shown.length === 0 ? "" : `\x1b[${this.#shown.length}A`;
    const body = fitting.map((line, i) =>
      line === this.#shown[i] ? "\n" : `\r${line}${CLEAR_LINE_END}\n`
    );
    this.#output.write(`${up}${body.join("")}\r${CLEAR_BELOW}`);
    this.#shown = fitting;
  }

  [Symbol.dispose](): void {
    this.#output.write(SHOW_CURSOR);
  }
}
