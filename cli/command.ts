import {
  buildCommand,
  type Command as StricliCommand,
  type CommandContext,
  type TypedCommandParameters,
} from "@stricli/core";
import { explainError } from "./errors.ts";
import type { ExitCode } from "./exit.ts";
import type { Host } from "./host.ts";

/** What stricli hands to commands, parsers and completions. */
export interface Context extends CommandContext {
  readonly host: Host;
  /** What the command returned. */
  exit: ExitCode;
}

/** A command: everything it touches comes in by its arguments. */
export type Command<FLAGS, ARGS extends readonly unknown[]> = (
  host: Host,
  flags: FLAGS,
  ...args: ARGS
) => ExitCode | Promise<ExitCode>;

/** What a command line may hold, and how to run it. */
export interface CommandSpec<
  FLAGS extends Readonly<Partial<Record<keyof FLAGS, unknown>>>,
  ARGS extends readonly unknown[],
> {
  /** Imports the command's module. */
  readonly load: () => Promise<Command<FLAGS, ARGS>>;
  readonly parameters: NoInfer<TypedCommandParameters<FLAGS, ARGS, Context>>;
  readonly brief: string;
}

/**
 * Makes a command of the tree; its code loads when it runs, its errors become one line on stderr.
 *
 * @param spec flags, arguments, and where the code is
 */
export function command<
  const FLAGS extends Readonly<Partial<Record<keyof FLAGS, unknown>>>,
  const ARGS extends readonly unknown[],
>(spec: CommandSpec<FLAGS, ARGS>): StricliCommand<Context> {
  return buildCommand<FLAGS, ARGS, Context>({
    parameters: spec.parameters,
    docs: { brief: spec.brief },
    async func(flags, ...args) {
      try {
        const run = await spec.load();
        this.exit = await run(this.host, flags, ...args);
      } catch (error) {
        const verbose = "verbose" in flags && flags.verbose === true;
        const { text, exit } = explainError(error, verbose);
        this.host.stderr.write(`${text}\n`);
        this.exit = exit;
      }
    },
  });
}
