import { command } from "../../command.ts";
import { commonFlags, verboseFlag } from "../../parameters.ts";

/** `weir bench` */
export const bench = command({
  load: async () => (await import("./bench.ts")).benchCommand,
  parameters: {
    flags: {
      json: commonFlags.json,
      class: {
        kind: "parsed",
        parse: String,
        variadic: true,
        optional: true,
        brief: "Packet class, repeatable (default: all, and an attack)",
        placeholder: "name",
        proposeCompletions: proposeClasses,
      },
      quick: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "A minute instead of four, figures less sure",
      },
      verbose: verboseFlag,
    },
  },
  brief: "Measure what packets cost on this host",
});

async function proposeClasses(partial: string): Promise<readonly string[]> {
  const { PACKET_CLASSES } = await import("../../../core/bench/classes.ts");
  return PACKET_CLASSES.map(({ name }) => name).filter((name) => name.startsWith(partial));
}
