/** What differs from running a command in this directory with this environment. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command to its end.
 *
 * @param command Name or path.
 * @param args Arguments.
 * @param options Directory and environment.
 * @returns Its standard output as bytes.
 * @throws {Error} When it fails, with what it said on standard error.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Uint8Array> {
  const { success, code, stdout, stderr } = await new Deno.Command(command, {
    ...options,
    args: [...args],
    stdin: "null",
  }).output();
  if (success) return stdout;
  const said = new TextDecoder().decode(stderr).trim();
  throw new Error(`Cannot run "${command} ${args.join(" ")}": exit code ${code}\n${said}`);
}

/**
 * Runs a command that prints text.
 *
 * @param command Name or path.
 * @param args Arguments.
 * @param options Directory and environment.
 * @returns Its standard output, line by line, without empty lines.
 * @throws {Error} When it fails.
 */
export async function commandLines(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<readonly string[]> {
  const output = new TextDecoder().decode(await runCommand(command, args, options));
  return output.split("\n").filter((line) => line !== "");
}
