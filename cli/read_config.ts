import { parseConfig } from "../core/config/parse_config.ts";
import type { Config } from "../core/config/types.ts";
import { CliError } from "./errors.ts";
import type { Host } from "./host.ts";

/**
 * Reads a configuration file for a command.
 *
 * @param host where files are
 * @param path file, `-` for stdin
 * @throws {CliError} if it cannot be read, or with every mistake in it, one a line
 */
export async function readConfig(host: Host, path: string): Promise<Config> {
  const result = parseConfig(await readText(host, path), path === "-" ? "stdin" : path);
  if (result.ok) return result.config;
  const lines = result.errors.map(({ file, line, column, message }) =>
    `${file}:${line}:${column}: ${message}`
  );
  const count = lines.length === 1 ? "1 error" : `${lines.length} errors`;
  throw new CliError(`Cannot use "${path}": ${count}\n${lines.join("\n")}`);
}

/**
 * Reads a file for a command.
 *
 * @param host where files are
 * @param path file, `-` for stdin
 * @throws {CliError} if it cannot be read
 */
export async function readText(host: Host, path: string): Promise<string> {
  try {
    return await host.readTextFile(path);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot read "${path}": ${cause}`);
  }
}
