import { command } from "../../command.ts";
import { commonFlags, endpointArgument, protocolArgument } from "../../parameters.ts";

/** `weir ring show` */
export const show = command({
  load: async () => (await import("./show.ts")).showRingCommand,
  parameters: {
    flags: commonFlags,
    positional: { kind: "tuple", parameters: [protocolArgument, endpointArgument] },
  },
  brief: "Show how a VIP's slots are shared among its reals",
});

/** `weir ring digest` */
export const digest = command({
  load: async () => (await import("./digest.ts")).ringDigestCommand,
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
  brief: "Print a digest per ring; equal on hosts that agree",
});

/** `weir ring settle` */
export const settle = command({
  load: async () => (await import("./settle.ts")).settleCommand,
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
  brief: "Forget old changes that no living flow needs",
});
