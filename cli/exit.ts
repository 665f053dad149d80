/** What an exit code of weir means. */
export const Exit = {
  /** Done, or nothing to do. */
  ok: 0,
  /** Nothing was changed. */
  error: 1,
  /** `plan` found changes. */
  changes: 2,
  /** Some writes were made, then one failed. */
  partly: 3,
  /** Attached, but not in order. */
  degraded: 4,
  /** The command line was not understood; EX_USAGE of sysexits.h. */
  usage: 64,
} as const;

/** One of the codes of `Exit`. */
export type ExitCode = typeof Exit[keyof typeof Exit];

/** stricli's codes for a line that it could not parse: unknown command, bad argument. */
const STRICLI_USAGE: ReadonlySet<unknown> = new Set([-5, -4]);

/**
 * The exit code of a run.
 *
 * @param stricli what stricli left in `process.exitCode`: 0, or negative for its own errors
 * @param command what the command returned, ok if none ran
 */
export function exitCode(stricli: unknown, command: ExitCode): ExitCode {
  if (STRICLI_USAGE.has(stricli)) return Exit.usage;
  return stricli === 0 ? command : Exit.error;
}
