/** What a command printed and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command to its end.
 *
 * @param argv Program and arguments.
 * @param env Variables on top of the inherited ones.
 * @returns Exit code and output; a failure is not an error here.
 */
export async function capture(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const [program = "", ...args] = argv;
  const output = await new Deno.Command(program, {
    args,
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  return {
    code: output.code,
    stdout: text.decode(output.stdout),
    stderr: text.decode(output.stderr),
  };
}

/**
 * Runs a command that must succeed.
 *
 * @param argv Program and arguments.
 * @param env Variables on top of the inherited ones.
 * @returns Its standard output.
 * @throws {Error} With the command and its output, if it fails.
 */
export async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await capture(argv, env);
  if (code !== 0) {
    throw new Error(`"${argv.join(" ")}" failed with ${code}: ${(stderr || stdout).trim()}`);
  }
  return stdout;
}
