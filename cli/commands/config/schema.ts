import { configJsonSchema } from "../../../core/config/config_json_schema.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";

/** `weir config schema`: needs neither root nor a balancer. */
export function schemaCommand(host: Host): ExitCode {
  host.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return Exit.ok;
}
