import { command } from "../../command.ts";
import {
  commonFlags,
  integerParser,
  interfaceArgument,
  realArgument,
  verboseFlag,
} from "../../parameters.ts";
import { parseGatewayMac } from "../balancer/parsers.ts";

const ifname = { kind: "tuple", parameters: [interfaceArgument] } as const;
const json = { json: commonFlags.json } as const;

const mark = {
  brief: "SO_MARK of the checker's socket",
  placeholder: "mark",
  parse: integerParser("a mark", 1, 2 ** 32 - 1),
};

function tunnelFlag(whose: string) {
  return {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: `Build the outer header by a tunnel device. ${whose}`,
    placeholder: "device",
  } as const;
}

/** `weir probe attach` */
export const attach = command({
  load: async () => (await import("./attach.ts")).attachProbeCommand,
  parameters: {
    flags: {
      ...json,
      gatewayMac: {
        kind: "parsed",
        parse: parseGatewayMac,
        default: "auto",
        brief: "Next hop of check packets: auto or a MAC address",
        placeholder: "mac",
      },
      guePort: {
        kind: "parsed",
        parse: integerParser("a port", 1, 65535),
        default: "6080",
        brief: "UDP port of GUE",
        placeholder: "port",
      },
      ttl: {
        kind: "parsed",
        parse: integerParser("a TTL", 1, 255),
        default: "64",
        brief: "TTL of outer headers",
        placeholder: "n",
      },
      tunnelV4: tunnelFlag("IPv4 reals: an `ipip external` device"),
      tunnelV6: tunnelFlag("IPv6 reals: an `ip6tnl external` device"),
      maxPacket: {
        kind: "parsed",
        parse: integerParser("a frame size", 0, 65535),
        default: "0",
        brief: "Drop longer frames of checks, bytes; 0: no limit",
        placeholder: "bytes",
      },
      verbose: verboseFlag,
    },
    positional: ifname,
  },
  brief: "Send marked packets of health checks to reals, as traffic goes",
});

/** `weir probe detach` */
export const detach = command({
  load: async () => (await import("./detach.ts")).detachProbeCommand,
  parameters: { flags: json, positional: ifname },
  brief: "Let marked packets leave as they are; the marks are gone",
});

/** `weir probe stats` */
export const stats = command({
  load: async () => (await import("./stats.ts")).probeStatsCommand,
  parameters: { flags: json, positional: ifname },
  brief: "Print counters of check packets",
});

/** `weir probe mark add` */
export const addMark = command({
  load: async () => (await import("./mark_add.ts")).addMarkCommand,
  parameters: {
    flags: {
      ...json,
      gue: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Encapsulate in GUE, not IPIP",
      },
    },
    positional: { kind: "tuple", parameters: [interfaceArgument, mark, realArgument] },
  },
  brief: "Send packets with a mark to a real; a mark that is there changes",
});

/** `weir probe mark del` */
export const delMark = command({
  load: async () => (await import("./mark_del.ts")).deleteMarkCommand,
  parameters: {
    flags: json,
    positional: { kind: "tuple", parameters: [interfaceArgument, mark] },
  },
  brief: "Let packets with a mark leave as they are",
});

/** `weir probe mark list` */
export const listMarks = command({
  load: async () => (await import("./mark_list.ts")).listMarksCommand,
  parameters: { flags: json, positional: ifname },
  brief: "List marks with their reals",
});
