import { formatConfig } from "../../../core/config/format_config.ts";
import type { Imported } from "../../../core/import/types.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { readText } from "../../read_config.ts";
import type { Format } from "./parse_format.ts";

const READERS: Readonly<Record<Format, () => Promise<(text: string) => Imported>>> = {
  ipvsadm: async () => (await import("../../../core/import/import_ipvsadm.ts")).importIpvsadm,
  keepalived: async () =>
    (await import("../../../core/import/import_keepalived.ts")).importKeepalived,
  katran: async () => (await import("../../../core/import/import_katran.ts")).importKatran,
};

/** `weir import <format> <file>`: the file on stdout, what has no equivalent on stderr. */
export async function importCommand(
  host: Host,
  _flags: object,
  format: Format,
  file: string,
): Promise<ExitCode> {
  const text = await readText(host, file);
  const { config, notes } = (await READERS[format]())(text);
  const name = file === "-" ? "stdin" : file;
  for (const { line, message } of notes) host.stderr.write(`${name}:${line}: ${message}\n`);
  if (config.desired.vips.length === 0) {
    throw new CliError(`Cannot import "${file}" as ${format}: no VIP is in it`);
  }
  host.stdout.write(formatConfig(config));
  return Exit.ok;
}
