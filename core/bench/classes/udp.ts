import { udpFrame } from "../frames.ts";
import type { PacketClass } from "../types.ts";
import { defineClass, FLOWS_1M, FLOWS_64K, goal } from "./define.ts";

const known = { frame: udpFrame({ address: "10.200.1.1", port: 80 }) };
const forgetful = { frame: udpFrame({ address: "10.200.1.2", port: 80 }) };

/** UDP without identifiers. */
export const UDP_CLASSES: readonly PacketClass[] = [
  defineClass({ name: "udp-v4", brief: "UDP v4, one known flow", ...known, goal: goal(136, 0.2) }),
  defineClass({
    name: "udp-v4-64k",
    brief: "UDP v4, 64 k known flows",
    ...known,
    flows: FLOWS_64K,
    goal: goal(440, 0.08, "64k"),
  }),
  defineClass({
    name: "udp-v4-1m",
    brief: "UDP v4, 1 M known flows",
    ...known,
    flows: FLOWS_1M,
    goal: goal(490, 0.08, "64k"),
  }),
  defineClass({
    name: "udp-v4-none",
    brief: "UDP v4, affinity none, one flow",
    ...forgetful,
    goal: goal(105, 0.25),
  }),
  defineClass({
    name: "udp-v4-none-1m",
    brief: "UDP v4, affinity none, 1 M flows",
    ...forgetful,
    flows: FLOWS_1M,
    goal: goal(112, 0.3),
  }),
];
