import { command } from "../../command.ts";
import { commonFlags, fileFlag } from "../../parameters.ts";

/** `weir config check` */
export const check = command({
  load: async () => (await import("./check.ts")).checkCommand,
  parameters: { flags: { json: commonFlags.json, file: fileFlag }, aliases: { f: "file" } },
  brief: "Check a configuration file without using it",
});

/** `weir config schema` */
export const schema = command({
  load: async () => (await import("./schema.ts")).schemaCommand,
  parameters: { flags: {} },
  brief: "Print the JSON Schema of configuration files, for editors",
});
