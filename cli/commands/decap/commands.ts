import { parseAddress } from "../../../core/addr/parse_address.ts";
import type { Address } from "../../../core/addr/types.ts";
import { isAmbiguousDestination } from "../../../core/state/tables.ts";
import { DECAP_ACTIONS } from "../../../core/state/words.ts";
import { command } from "../../command.ts";
import { commonFlags, integerParser, interfaceArgument, verboseFlag } from "../../parameters.ts";

const ifname = { kind: "tuple", parameters: [interfaceArgument] } as const;
const json = { json: commonFlags.json } as const;

/** `weir decap attach` */
export const attach = command({
  load: async () => (await import("./attach.ts")).attachDecapCommand,
  parameters: {
    flags: {
      ...json,
      mode: {
        kind: "enum",
        values: ["native", "generic", "auto"],
        default: "auto",
        brief: "Where the program runs",
      },
      ipip: { kind: "boolean", default: true, brief: "Strip IPIP" },
      gue: { kind: "boolean", default: true, brief: "Strip GUE" },
      guePort: {
        kind: "parsed",
        parse: integerParser("a port", 1, 65535),
        default: "6080",
        brief: "UDP port of GUE",
        placeholder: "port",
      },
      serverId: {
        kind: "parsed",
        parse: integerParser("a server id", 0, 2 ** 32 - 1),
        default: "0",
        brief: "Id of this real for TCP server-id routing, 0: none",
        placeholder: "n",
      },
      perVip: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Count what comes out of tunnels by VIP",
      },
      verbose: verboseFlag,
      anyDestination: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Strip packets to other hosts' addresses too",
      },
    },
    positional: ifname,
  },
  brief: "On a real: strip outer headers of packets that come in",
});

/** `weir decap detach` */
export const detach = command({
  load: async () => (await import("./detach.ts")).detachDecapCommand,
  parameters: { flags: json, positional: ifname },
  brief: "Stop stripping outer headers",
});

/** `weir decap stats` */
export const stats = command({
  load: async () => (await import("./stats.ts")).decapStatsCommand,
  parameters: { flags: json, positional: ifname },
  brief: "Print counters of stripped packets",
});

const destination = {
  brief: "Outer destination of tunnel packets",
  placeholder: "address",
  parse: parseDestination,
};

/** `weir decap destination add` */
export const addDestination = command({
  load: async () => (await import("./destination_add.ts")).addDestinationCommand,
  parameters: {
    flags: {
      ...commonFlags,
      action: {
        kind: "enum",
        values: DECAP_ACTIONS,
        default: "balance",
        brief: "What becomes of the inner packet: balance, pass to this host, return",
      },
    },
    positional: { kind: "tuple", parameters: [destination] },
  },
  brief: "On a balancer: take tunnel packets to an address apart",
});

/** `weir decap destination del` */
export const delDestination = command({
  load: async () => (await import("./destination_del.ts")).deleteDestinationCommand,
  parameters: { flags: commonFlags, positional: { kind: "tuple", parameters: [destination] } },
  brief: "Let tunnel packets to an address pass",
});

/** `weir decap destination list` */
export const listDestinations = command({
  load: async () => (await import("./destination_list.ts")).listDestinationsCommand,
  parameters: { flags: commonFlags },
  brief: "List addresses whose tunnel packets are taken apart",
});

function parseDestination(input: string): Address {
  const address = parseAddress(input);
  const isUsable = address !== null && address.bytes.some((byte) => byte !== 0);
  if (isUsable && !isAmbiguousDestination(address)) return address;
  throw new SyntaxError(
    `Expected an address (IPv6: not all of the last 12 bytes zero) but found "${input}"`,
  );
}
