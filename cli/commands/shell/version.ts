import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { show } from "../../show.ts";
import { VERSION } from "../../version.ts";

/** `weir version` */
export function versionCommand(host: Host, flags: { readonly json: boolean }): ExitCode {
  show(host, flags, "version", { version: VERSION }, () => [`weir ${VERSION}`]);
  return Exit.ok;
}
