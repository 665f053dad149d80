import type { Host } from "./host.ts";
import { LiveBlock } from "./term/live.ts";

/** A line that tells how far a long command is. */
export interface Progress extends Disposable {
  /** @param last whether the command ends now */
  show(line: string, last: boolean): void;
}

/** Between two lines where nobody watches, ms. */
const PAUSE = 10_000;

/**
 * A line that is redrawn on a terminal, and printed every ten seconds elsewhere. With JSON it goes to
 * stderr: stdout holds one document.
 *
 * @param host streams, screen and clock
 * @param json whether stdout is for JSON
 */
export function progress(host: Host, json: boolean): Progress {
  if (host.screen().isTerminal && !json) {
    const block = new LiveBlock(host.stdout, () => host.screen());
    return {
      show: (line) => block.draw([line]),
      [Symbol.dispose]: () => block[Symbol.dispose](),
    };
  }
  const output = json ? host.stderr : host.stdout;
  let due = -Infinity;
  return {
    show(line, last) {
      if (!last && host.clock.now() < due) return;
      due = host.clock.now() + PAUSE;
      output.write(`${line}\n`);
    },
    [Symbol.dispose]: () => {},
  };
}
