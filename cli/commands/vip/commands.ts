import { AFFINITIES, ENCAPS, RING_HASHES, VIP_FLAGS } from "../../../core/state/words.ts";
import { command } from "../../command.ts";
import { commonFlags, endpointArgument, parseName, protocolArgument } from "../../parameters.ts";

const vip = { kind: "tuple", parameters: [protocolArgument, endpointArgument] } as const;

const settings = {
  name: {
    kind: "parsed",
    parse: parseName,
    optional: true,
    brief: "Name for humans",
    placeholder: "text",
  },
  affinity: { kind: "enum", values: AFFINITIES, optional: true, brief: "Which flows to remember" },
  encap: { kind: "enum", values: ENCAPS, optional: true, brief: "Encapsulation towards reals" },
  ring: { kind: "enum", values: RING_HASHES, optional: true, brief: "Ring algorithm" },
} as const;

/** `weir vip add` */
export const add = command({
  load: async () => (await import("./add.ts")).addVipCommand,
  parameters: {
    flags: {
      ...commonFlags,
      ...settings,
      flag: {
        kind: "enum",
        values: VIP_FLAGS,
        variadic: true,
        optional: true,
        brief: "Flag of the VIP, repeatable",
      },
    },
    positional: vip,
  },
  brief: "Add a VIP; packets to it drop until it has reals",
});

/** `weir vip set` */
export const set = command({
  load: async () => (await import("./set.ts")).setVipCommand,
  parameters: {
    flags: {
      ...commonFlags,
      ...settings,
      flag: {
        kind: "enum",
        values: [...VIP_FLAGS, "none"] as const,
        variadic: true,
        optional: true,
        brief: "Flags from now on, repeatable; none clears them",
      },
    },
    positional: vip,
  },
  brief: "Change settings of a VIP; what is not given stays",
});

/** `weir vip del` */
export const del = command({
  load: async () => (await import("./del.ts")).deleteVipCommand,
  parameters: { flags: commonFlags, positional: vip },
  brief: "Delete a VIP; packets to it pass to this host",
});

/** `weir vip list` */
export const list = command({
  load: async () => (await import("./list.ts")).listVipsCommand,
  parameters: { flags: commonFlags },
  brief: "List VIPs",
});
