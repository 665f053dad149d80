import { parseConfig } from "../core/config/parse_config.ts";
import type { Config } from "../core/config/types.ts";
import { CliError } from "./errors.ts";
import type { Host } from "./host.ts";

/** Errors that are shown; a file that is none has one in each line. */
const MOST_ERRORS = 50;

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
  const lines = result.errors.slice(0, MOST_ERRORS).map(({ file, line, column, message }) =>
    `${file}:${line}:${column}: ${message}`
  );
  const more = result.errors.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  const count = result.errors.length === 1 ? "1 error" : `${result.errors.length} errors`;
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
    // Deno tells its own call after the error.
    const cause = error instanceof Error
      ? error.message.replace(/(?<=\(os error \d+\)).*$/s, "")
      : String(error);
    throw new CliError(`Cannot read "${path}": ${cause}`);
  }
}
