import { parseEndpoint } from "../../../core/addr/parse_endpoint.ts";
import type { Endpoint } from "../../../core/addr/types.ts";
import { command } from "../../command.ts";
import {
  commonFlags,
  endpointArgument,
  integerParser,
  protocolArgument,
  realArgument,
} from "../../parameters.ts";

const anyVip = {
  kind: "tuple",
  parameters: [
    { ...protocolArgument, optional: true },
    { ...endpointArgument, optional: true },
  ],
} as const;

const real = {
  kind: "parsed",
  parse: realArgument.parse,
  proposeCompletions: realArgument.proposeCompletions,
  optional: true,
  brief: "Only flows on this real",
  placeholder: "address",
} as const;

const client = {
  brief: "Address and port of the client: 192.0.2.1:40000, [fc00::1]:40000",
  placeholder: "client",
  parse: parseClient,
};

/** `weir flows list` */
export const list = command({
  load: async () => (await import("./list.ts")).listFlowsCommand,
  parameters: {
    flags: {
      ...commonFlags,
      real,
      limit: {
        kind: "parsed",
        parse: integerParser("a number of flows", 1, 2 ** 31),
        default: "1000",
        brief: "Show so many",
        placeholder: "n",
      },
      jsonl: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Print one line of JSON per flow",
      },
    },
    aliases: { n: "limit" },
    positional: anyVip,
  },
  brief: "List remembered flows, of one VIP or of all",
});

/** `weir flows get` */
export const get = command({
  load: async () => (await import("./get.ts")).getFlowCommand,
  parameters: {
    flags: {
      ...commonFlags,
      destinationPort: {
        kind: "parsed",
        parse: integerParser("a port", 0, 65535),
        optional: true,
        brief: "Destination port, for VIPs of every port",
        placeholder: "port",
      },
    },
    positional: { kind: "tuple", parameters: [protocolArgument, endpointArgument, client] },
  },
  brief: "Tell which real a flow goes to, and why",
});

/** `weir flows purge` */
export const purge = command({
  load: async () => (await import("./purge.ts")).purgeFlowsCommand,
  parameters: {
    flags: {
      ...commonFlags,
      real,
      all: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Forget all flows of all VIPs",
      },
    },
    positional: anyVip,
  },
  brief: "Forget flows; their next packets go where new flows go",
});

/** `weir flows stats` */
export const stats = command({
  load: async () => (await import("./stats.ts")).flowStatsCommand,
  parameters: { flags: commonFlags },
  brief: "Count remembered flows by VIP and age",
});

function parseClient(input: string): Endpoint {
  const endpoint = parseEndpoint(input);
  const isAddress = endpoint !== null &&
    endpoint.prefixLength === (endpoint.address.family === 4 ? 32 : 128);
  if (isAddress) return endpoint;
  throw new SyntaxError(
    `Expected address and port, as in 192.0.2.1:40000 or [fc00::1]:40000, but found "${input}"`,
  );
}
