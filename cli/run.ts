import { proposeCompletions, run } from "@stricli/core";
import { app } from "./app.ts";
import type { Context } from "./command.ts";
import { Exit, type ExitCode, exitCode } from "./exit.ts";
import type { Host } from "./host.ts";

/** The command that completion scripts call; people do not see it. */
const COMPLETE = "__complete";

/**
 * Runs one command line.
 *
 * @param words the command line without the program
 * @param host everything the command may touch
 * @returns the exit code
 */
export async function runCli(words: readonly string[], host: Host): Promise<ExitCode> {
  const process = {
    stdout: host.stdout,
    stderr: host.stderr,
    env: {},
    exitCode: null as number | string | null,
  };
  const context: Context = { process, host, exit: Exit.ok };
  if (words[0] === COMPLETE) return await complete(words.slice(1), host, context);
  await run(app, words, context);
  return exitCode(process.exitCode, context.exit);
}

async function complete(
  words: readonly string[],
  host: Host,
  context: Context,
): Promise<ExitCode> {
  const proposals = await proposeCompletions(app, words, context);
  // Flags come up when a dash asks for them, or when there is nothing else to say.
  const values = proposals.filter(({ kind }) => kind !== "argument:flag");
  const shown = values.length > 0 && !words.at(-1)?.startsWith("-") ? values : proposals;
  const lines = shown.map(({ completion, brief }) => `${completion}\t${brief}\n`);
  host.stdout.write(lines.join(""));
  return Exit.ok;
}
