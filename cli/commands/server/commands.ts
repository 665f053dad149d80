import { command } from "../../command.ts";
import { commonFlags, integerParser, realArgument } from "../../parameters.ts";

const id = {
  brief: "Server id: of QUIC connection ids, UDP stable headers, TCP options",
  placeholder: "id",
  parse: integerParser("a server id", 1, 2 ** 32 - 1),
};

/** `weir server add` */
export const add = command({
  load: async () => (await import("./add.ts")).addServerCommand,
  parameters: {
    flags: commonFlags,
    positional: { kind: "tuple", parameters: [id, realArgument] },
  },
  brief: "Let a server id stand for a real; an id that is there changes",
});

/** `weir server del` */
export const del = command({
  load: async () => (await import("./del.ts")).deleteServerCommand,
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [id] } },
  brief: "Forget a server id; packets with it follow the ring",
});

/** `weir server list` */
export const list = command({
  load: async () => (await import("./list.ts")).listServersCommand,
  parameters: { flags: commonFlags },
  brief: "List server ids with their reals",
});
