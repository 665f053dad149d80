import { command } from "../../command.ts";
import { commonFlags, fileFlag } from "../../parameters.ts";
import { FORMATS, parseFormat } from "./parse_format.ts";

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

/** `weir import` */
export const importing = command({
  load: async () => (await import("./import.ts")).importCommand,
  parameters: {
    flags: {},
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "What the file is of: ipvsadm (-Sn), keepalived, katran (client commands)",
          placeholder: "format",
          parse: parseFormat,
          proposeCompletions: (partial: string) =>
            FORMATS.filter((word) => word.startsWith(partial)),
        },
        { brief: "The file, - for stdin", placeholder: "file", parse: String },
      ],
    },
  },
  brief: "Turn another balancer's configuration into weir.yaml",
});
