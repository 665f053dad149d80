import { ENCAPS } from "../../../core/state/words.ts";
import { command } from "../../command.ts";
import {
  commonFlags,
  endpointArgument,
  integerParser,
  parseName,
  protocolArgument,
  realArgument,
} from "../../parameters.ts";
import { parseDuration } from "../../parse_duration.ts";
import { parseRamp } from "./parse_ramp.ts";

const real = {
  kind: "tuple",
  parameters: [protocolArgument, endpointArgument, realArgument],
} as const;

const settings = {
  weight: {
    kind: "parsed",
    parse: integerParser("a weight", 0, 65535),
    optional: true,
    brief: "Share of new flows, 0 to 65535 (new real: 1)",
    placeholder: "n",
  },
  name: {
    kind: "parsed",
    parse: parseName,
    optional: true,
    brief: "Name for humans",
    placeholder: "text",
  },
  encap: { kind: "enum", values: ENCAPS, optional: true, brief: "Encapsulation whatever VIPs say" },
  local: { kind: "boolean", optional: true, brief: "The real is this host" },
} as const;

/** `weir real add` */
export const add = command({
  load: async () => (await import("./add.ts")).addRealCommand,
  parameters: { flags: { ...commonFlags, ...settings }, positional: real },
  brief: "Add a real to a VIP",
});

/** `weir real set` */
export const set = command({
  load: async () => (await import("./set.ts")).setRealCommand,
  parameters: {
    flags: {
      ...commonFlags,
      ...settings,
      ramp: {
        kind: "parsed",
        parse: parseRamp,
        optional: true,
        brief: "Change the weight step by step: from:to:time, as 0:100:5m",
        placeholder: "ramp",
      },
    },
    positional: real,
  },
  brief: "Change weight or settings of a real; what is not given stays",
});

/** `weir real del` */
export const del = command({
  load: async () => (await import("./del.ts")).deleteRealCommand,
  parameters: {
    flags: {
      ...commonFlags,
      now: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Move its flows at once instead of letting them end there",
      },
    },
    positional: real,
  },
  brief: "Delete a real from a VIP; established flows stay on it",
});

/** `weir real list` */
export const list = command({
  load: async () => (await import("./list.ts")).listRealsCommand,
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "tuple",
      parameters: [
        { ...protocolArgument, optional: true },
        { ...endpointArgument, optional: true },
      ],
    },
  },
  brief: "List reals, of one VIP or of all",
});

/** `weir real undrain`, `down`, `up`: the same command with another state. */
const turn = (name: "undrain" | "down" | "up", brief: string) =>
  command({
    load: async () => (await import("./turn.ts")).turnCommand(name),
    parameters: { flags: commonFlags, positional: real },
    brief,
  });

/** `weir real drain` */
export const drain = command({
  load: async () => (await import("./drain.ts")).drainCommand,
  parameters: {
    flags: {
      ...commonFlags,
      wait: {
        kind: "parsed",
        parse: parseDuration,
        optional: true,
        brief: "Wait for its flows to end, for at most so long: 10m",
        placeholder: "time",
      },
      quiet: {
        kind: "parsed",
        parse: parseDuration,
        default: "1m",
        brief: "With --wait: a flow silent for so long counts as ended",
        placeholder: "time",
      },
    },
    positional: real,
  },
  brief: "Give a real no new flows; established ones stay",
});
/** `weir real undrain` */
export const undrain = turn("undrain", "Give a drained real new flows again");
/** `weir real down` */
export const down = turn("down", "Take a real out at once; its flows move");
/** `weir real up` */
export const up = turn("up", "Bring a real back; its slots return bit for bit");
