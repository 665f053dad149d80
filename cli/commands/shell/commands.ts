import { command } from "../../command.ts";
import { commonFlags } from "../../parameters.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;

/** `weir version` */
export const version = command({
  load: async () => (await import("./version.ts")).versionCommand,
  parameters: { flags: { json: commonFlags.json } },
  brief: "Print the version",
});

/** `weir completion` */
export const completion = command({
  load: async () => (await import("./completion.ts")).completionCommand,
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        brief: SHELLS.join(", "),
        placeholder: "shell",
        parse: (input: string): typeof SHELLS[number] => {
          const shell = SHELLS.find((known) => known === input);
          if (shell !== undefined) return shell;
          throw new SyntaxError(`Expected ${SHELLS.join(", ")} but found "${input}"`);
        },
        proposeCompletions: (partial: string) => SHELLS.filter((name) => name.startsWith(partial)),
      }],
    },
  },
  brief: "Print a completion script for a shell",
});
