import { parsePrefix } from "../../../core/addr/parse_prefix.ts";
import type { Prefix } from "../../../core/addr/types.ts";
import { command } from "../../command.ts";
import { commonFlags, realArgument } from "../../parameters.ts";

const prefix = {
  brief: "Addresses of clients: 192.0.2.0/24, fc00::/64",
  placeholder: "prefix",
  parse: parsePrefixArgument,
};

/** `weir source add` */
export const add = command({
  load: async () => (await import("./add.ts")).addSourceCommand,
  parameters: {
    flags: commonFlags,
    positional: { kind: "tuple", parameters: [prefix, realArgument] },
  },
  brief: "Send clients of a prefix to one real (VIPs with source-routing)",
});

/** `weir source del` */
export const del = command({
  load: async () => (await import("./del.ts")).deleteSourceCommand,
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [prefix] } },
  brief: "Leave clients of a prefix to the ring",
});

/** `weir source list` */
export const list = command({
  load: async () => (await import("./list.ts")).listSourcesCommand,
  parameters: { flags: commonFlags },
  brief: "List prefixes with their reals",
});

function parsePrefixArgument(input: string): Prefix {
  const prefix = parsePrefix(input);
  if (prefix !== null) return prefix;
  throw new SyntaxError(`Expected a prefix without host bits but found "${input}"`);
}
