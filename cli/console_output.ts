import { Exit, type ExitCode } from "./exit.ts";
import type { Output } from "./host.ts";

/** What a shell reports for a program that SIGPIPE ended. */
const BROKEN_PIPE = 141;

/**
 * Text for a stream of the process. A write that fails is the last one: nobody reads on, but a change
 * that is under way must reach its end.
 */
export class ConsoleOutput implements Output {
  readonly #stream: { writeSync(bytes: Uint8Array): number };
  #failure: Error | null = null;

  /** @param stream of the process */
  constructor(stream: { writeSync(bytes: Uint8Array): number }) {
    this.#stream = stream;
  }

  /** Whether a write failed. */
  get failed(): boolean {
    return this.#failure !== null;
  }

  /** @param text is lost once a write has failed */
  write(text: string): void {
    if (this.#failure !== null) return;
    let bytes = new TextEncoder().encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(this.#stream.writeSync(bytes));
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    }
  }

  /**
   * The exit code of a command that printed here; a failed write turns success into failure.
   *
   * @param code what the command ended with
   * @param stderr where to say so
   */
  exitCode(code: ExitCode, stderr: Output): number {
    if (this.#failure === null || code !== Exit.ok) return code;
    // `weir stats | head` has read enough; no reason to complain.
    if (this.#failure instanceof Deno.errors.BrokenPipe) return BROKEN_PIPE;
    stderr.write(`weir: Done, but cannot write to stdout: ${this.#failure.message}\n`);
    return Exit.error;
  }
}
