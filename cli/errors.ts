import { PlanError } from "../core/plan/plan_error.ts";
import { Exit, type ExitCode } from "./exit.ts";
import { printable } from "./printable.ts";

/** A command that cannot do its work, in one line for the operator. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly hint: string | null;
  readonly exit: ExitCode;

  /**
   * @param message what cannot be done, on what
   * @param hint what to do about it
   * @param exit exit code of the command
   */
  constructor(message: string, hint: string | null = null, exit: ExitCode = Exit.error) {
    super(message);
    this.hint = hint;
    this.exit = exit;
  }
}

/**
 * How an error is told to the operator, and the exit code that goes with it.
 *
 * @param error whatever a command threw
 * @param verbose whether to tell all that the kernel said
 * @returns text of one line; a stack only for errors that are ours
 */
export function explainError(
  error: unknown,
  verbose = false,
): { readonly text: string; readonly exit: ExitCode } {
  if (error instanceof CliError || error instanceof PlanError) {
    const hint = error.hint === null ? "" : `; ${error.hint}`;
    const exit = error instanceof CliError ? error.exit : Exit.error;
    return { text: printable(`weir: ${error.message}${hint}`), exit };
  }
  // Known by name, not class: ffi must stay unloaded until a command needs it. It gives a RangeError
  // for what it cannot use, in words for the operator.
  if (error instanceof Error && ["DataplaneError", "RangeError"].includes(error.name)) {
    const details = verbose && "details" in error ? error.details : [];
    const lines = Array.isArray(details) ? details.map((line) => `\n${line}`) : [];
    return { text: printable(`weir: ${error.message}${lines.join("")}`), exit: Exit.error };
  }
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return { text: `weir: Unexpected error, please report it: ${text}`, exit: Exit.error };
}
