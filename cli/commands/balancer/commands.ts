import { FEATURES } from "../../../core/state/words.ts";
import { command } from "../../command.ts";
import {
  commonFlags,
  fileFlag as file,
  integerParser,
  interfaceArgument,
  verboseFlag,
} from "../../parameters.ts";
import { fixedSettingFlags, settingFlags } from "../../setting_flags.ts";
import { parseChain, parseGatewayMac, parseSeconds } from "./parsers.ts";

const flag = (brief: string) =>
  ({ kind: "boolean", default: false, withNegated: false, brief }) as const;

const now = flag("Move flows of deleted reals at once");

const size = (what: string, min: number, max: number) =>
  ({
    kind: "parsed",
    parse: integerParser(`a number of ${what}`, min, max),
    optional: true,
    brief: `Room for so many ${what}`,
    placeholder: "n",
  }) as const;

/** `weir attach` */
export const attach = command({
  load: async () => (await import("./attach.ts")).attachCommand,
  parameters: {
    flags: {
      ...commonFlags,
      mode: {
        kind: "enum",
        values: ["native", "generic", "offload", "auto"],
        optional: true,
        brief: "Where the program runs (default auto: native, else generic)",
      },
      gatewayMac: {
        kind: "parsed",
        parse: parseGatewayMac,
        optional: true,
        brief: "Next hop of packets sent: auto or a MAC address (default auto)",
        placeholder: "mac",
      },
      feature: {
        kind: "enum",
        values: [...FEATURES, "all", "none"] as const,
        variadic: true,
        optional: true,
        brief: "What VIPs may use, repeatable (default: what the file needs, else all)",
      },
      verbose: verboseFlag,
      maxVips: size("VIPs", 1, 65535),
      maxReals: size("reals", 2, 32768),
      maxFlows: size("flows", 1, 2 ** 30),
      replace: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Take the place of another XDP program",
      },
      chain: {
        kind: "parsed",
        parse: parseChain,
        optional: true,
        brief: "Run behind another program: its pinned program array, slot 2 if not given",
        placeholder: "path[:slot]",
      },
      ...settingFlags,
      ...fixedSettingFlags,
      file: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Apply this configuration file, - for stdin",
        placeholder: "path",
      },
    },
    aliases: { f: "file" },
    positional: { kind: "tuple", parameters: [interfaceArgument] },
  },
  brief: "Attach a balancer to an interface",
});

/** `weir detach` */
export const detach = command({
  load: async () => (await import("./detach.ts")).detachCommand,
  parameters: { flags: commonFlags },
  brief: "Detach a balancer; its state is gone with it",
});

/** `weir upgrade` */
export const upgrade = command({
  load: async () => (await import("./upgrade.ts")).upgradeCommand,
  parameters: {
    flags: {
      ...commonFlags,
      feature: {
        kind: "enum",
        values: [...FEATURES, "all"] as const,
        variadic: true,
        optional: true,
        brief: "What VIPs may use from now on as well, repeatable",
      },
      gatewayMac: {
        kind: "parsed",
        parse: parseGatewayMac,
        optional: true,
        brief: "Next hop of packets sent from now on: auto or a MAC address",
        placeholder: "mac",
      },
      ...settingFlags,
      verbose: verboseFlag,
    },
  },
  brief: "Replace the program by this version's, with other settings; no packet is lost",
});

/** `weir rollback` */
export const rollback = command({
  load: async () => (await import("./rollback.ts")).rollbackCommand,
  parameters: { flags: { ...commonFlags, verbose: verboseFlag } },
  brief: "Go back to the program before the last upgrade; no packet is lost",
});

/** `weir status` */
export const status = command({
  load: async () => (await import("./status.ts")).statusCommand,
  parameters: {
    flags: {
      ...commonFlags,
      balancer: {
        kind: "parsed",
        parse: commonFlags.balancer.parse,
        optional: true,
        brief: "Name of the balancer (default: all of this host)",
        placeholder: "name",
      },
    },
  },
  brief: "Show which balancers are attached, and whether they are in order",
});

/** `weir stats` */
export const stats = command({
  load: async () => (await import("./stats.ts")).statsCommand,
  parameters: { flags: commonFlags },
  brief: "Print all counters once",
});

/** `weir watch` */
export const watch = command({
  load: async () => (await import("./watch.ts")).watchCommand,
  parameters: {
    flags: {
      ...commonFlags,
      interval: {
        kind: "parsed",
        parse: parseSeconds,
        default: "1",
        brief: "Seconds between two looks",
        placeholder: "s",
      },
      count: {
        kind: "parsed",
        parse: integerParser("a number of looks", 1, 1e9),
        optional: true,
        brief: "End after so many looks",
        placeholder: "n",
      },
      jsonl: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Print one line of JSON per look",
      },
    },
    aliases: { i: "interval", n: "count" },
  },
  brief: "Watch rates of VIPs, reals and drops",
});

/** `weir events` */
export const events = command({
  load: async () => (await import("./events.ts")).eventsCommand,
  parameters: {
    flags: {
      ...commonFlags,
      jsonl: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Print one line of JSON per event",
      },
      pcap: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Write the packets to a file for tcpdump as well",
        placeholder: "path",
      },
      count: {
        kind: "parsed",
        parse: integerParser("a number of events", 1, 1e9),
        optional: true,
        brief: "End after so many events",
        placeholder: "n",
      },
    },
    aliases: { n: "count" },
  },
  brief: "Print packets of interest: unknown flows, too big, unknown servers",
});

/** `weir plan` */
export const plan = command({
  load: async () => (await import("./plan.ts")).planCommand,
  parameters: { flags: { ...commonFlags, file, now }, aliases: { f: "file" } },
  brief: "Show what apply would change; exit code 2 if anything",
});

/** `weir apply` */
export const apply = command({
  load: async () => (await import("./apply.ts")).applyCommand,
  parameters: {
    flags: {
      ...commonFlags,
      file,
      now,
      yes: flag("Do not ask when established flows will break"),
      allowEmpty: flag("Allow VIPs without a usable real, and no VIPs at all"),
    },
    aliases: { f: "file" },
  },
  brief: "Make a balancer what a configuration file says",
});

/** `weir export` */
export const exporting = command({
  load: async () => (await import("./export.ts")).exportCommand,
  parameters: { flags: { balancer: commonFlags.balancer } },
  brief: "Write what runs as a configuration file",
});
