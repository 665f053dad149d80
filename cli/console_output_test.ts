import { deepEqual, equal, match } from "node:assert/strict";
import { ConsoleOutput } from "./console_output.ts";
import { Exit } from "./exit.ts";

/** Takes so many bytes at a time, and fails when it has taken a number of them. */
function stream(step: number, room: number, error: Error) {
  const taken: number[] = [];
  return {
    taken,
    writeSync(bytes: Uint8Array): number {
      if (taken.length >= room) throw error;
      taken.push(...bytes.subarray(0, step));
      return Math.min(step, bytes.length);
    },
  };
}

Deno.test("ConsoleOutput writes all, piece by piece", () => {
  const target = stream(3, 100, new Error("full"));
  const output = new ConsoleOutput(target);
  output.write("weir: ü\n");
  deepEqual(new TextDecoder().decode(Uint8Array.from(target.taken)), "weir: ü\n");
  equal(output.exitCode(Exit.changes, output), Exit.changes);
});

Deno.test("ConsoleOutput: a failed write throws nothing, and is the last one", () => {
  const target = stream(2, 2, new Deno.errors.BrokenPipe("gone"));
  const output = new ConsoleOutput(target);
  const stderr = { text: "", write: (text: string) => void (stderr.text += text) };
  output.write("abcdef");
  output.write("ghi");
  deepEqual([target.taken.length, output.failed], [2, true]);
  equal(output.exitCode(Exit.ok, stderr), 141);
  equal(output.exitCode(Exit.partly, stderr), Exit.partly);
  equal(stderr.text, "");
});

Deno.test("ConsoleOutput: a full disk is told, without a stack", () => {
  const output = new ConsoleOutput(
    stream(1, 0, new Error("No space left on device (os error 28)")),
  );
  const stderr = { text: "", write: (text: string) => void (stderr.text += text) };
  output.write("a");
  equal(output.exitCode(Exit.ok, stderr), Exit.error);
  match(stderr.text, /^weir: Done, but cannot write to stdout: No space left on device .*\n$/);
});
