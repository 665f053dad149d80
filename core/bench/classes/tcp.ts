import { synFrame, tcpFrame } from "../frames.ts";
import type { PacketClass } from "../types.ts";
import { DEFAULT_WORLD, defineClass, FLOWS_1K, FLOWS_1M, FLOWS_64K, goal } from "./define.ts";

const VIP = { address: "10.200.1.1", port: 80 };
const UNSTABLE_VIP = { address: "10.200.1.11", port: 80 };
const ALWAYS_VIP = { address: "10.200.1.14", port: 80 };
const V6_VIP = { address: "fc00:1::1", port: 80 };
const V6_REALS_VIP = { address: "10.200.1.3", port: 80 };
const ANY_PORT_VIP = { address: "10.200.1.4", port: 8080 };
const GUE_VIP = { address: "10.200.1.6", port: 80 };
const NEW_FLOWS = 2 ** 24;
const SMALL_TABLE = 2 ** 16;

const known = { frame: tcpFrame(VIP) };
const syn = { frame: synFrame(VIP), flows: NEW_FLOWS, order: "new", counter: "syn_picks" } as const;

/** TCP, by what is known of the flow and where it goes. */
export const TCP_CLASSES: readonly PacketClass[] = [
  defineClass({ name: "tcp-v4", brief: "TCP v4, one known flow", ...known, goal: goal(104, 0.25) }),
  defineClass({
    name: "tcp-v4-1k",
    brief: "TCP v4, 1 k known flows",
    ...known,
    flows: FLOWS_1K,
    goal: null,
  }),
  defineClass({
    name: "tcp-v4-64k",
    brief: "TCP v4, 64 k known flows",
    ...known,
    flows: FLOWS_64K,
    goal: goal(400, 0.08, "64k"),
  }),
  defineClass({
    name: "tcp-v4-1m",
    brief: "TCP v4, 1 M known flows",
    ...known,
    flows: FLOWS_1M,
    goal: goal(454, 0.08, "64k"),
  }),
  defineClass({
    name: "tcp-v4-unstable-64k",
    brief: "TCP v4, 64 k known flows on unstable slots",
    frame: tcpFrame(UNSTABLE_VIP),
    flows: FLOWS_64K,
    warmUp: { frames: [synFrame(UNSTABLE_VIP)], flows: FLOWS_64K },
    counter: "flow_hits",
    goal: goal(400, 0.6, "64k"),
  }),
  defineClass({
    name: "tcp-v4-always-64k",
    brief: "TCP v4, 64 k known flows, affinity always",
    frame: tcpFrame(ALWAYS_VIP),
    flows: FLOWS_64K,
    warmUp: { frames: [synFrame(ALWAYS_VIP)], flows: FLOWS_64K },
    counter: "flow_hits",
    goal: null,
  }),
  defineClass({
    name: "tcp-v4-syn-ungated",
    brief: "TCP v4 SYN of new flows, rate gate off",
    ...syn,
    world: { ...DEFAULT_WORLD, connRate: 0 },
    goal: goal(417, 0.08),
  }),
  defineClass({
    name: "tcp-v4-syn",
    brief: "TCP v4 SYN of new flows",
    ...syn,
    goal: goal(260, 0.12),
  }),
  defineClass({
    name: "tcp-v4-syn-full",
    brief: "TCP v4 SYN of new flows, rate gate off, flow table full",
    ...syn,
    world: { ...DEFAULT_WORLD, connRate: 0, maxFlows: SMALL_TABLE },
    warmUp: { frames: [synFrame(UNSTABLE_VIP)], flows: 2 * SMALL_TABLE },
    goal: goal(939, 0.04),
  }),
  defineClass({
    name: "tcp-v4-unknown",
    brief: "TCP v4, acknowledgements of unknown flows",
    ...known,
    flows: NEW_FLOWS,
    order: "new",
    goal: goal(500, 0.08),
  }),
  defineClass({
    name: "tcp-v6",
    brief: "TCP v6 to v6, one known flow",
    frame: tcpFrame(V6_VIP),
    goal: goal(104, 0.35),
  }),
  defineClass({
    name: "tcp-v6-1m",
    brief: "TCP v6 to v6, 1 M known flows",
    frame: tcpFrame(V6_VIP),
    flows: FLOWS_1M,
    goal: goal(448, 0.1, "64k"),
  }),
  defineClass({
    name: "tcp-v4-to-v6",
    brief: "TCP v4 to a v6 real, one known flow",
    frame: tcpFrame(V6_REALS_VIP),
    goal: goal(106, 0.35),
  }),
  defineClass({
    name: "tcp-v4-to-v6-64k",
    brief: "TCP v4 to a v6 real, 64 k known flows",
    frame: tcpFrame(V6_REALS_VIP),
    flows: FLOWS_64K,
    goal: goal(407, 0.12, "64k"),
  }),
  defineClass({
    name: "tcp-v4-gue",
    brief: "TCP v4 in GUE, one known flow",
    frame: tcpFrame(GUE_VIP),
    world: { ...DEFAULT_WORLD, features: ["gue"] },
    goal: goal(282, 0.2),
  }),
  defineClass({
    name: "tcp-v4-any-port",
    brief: "TCP v4 to a VIP of every port",
    frame: tcpFrame(ANY_PORT_VIP),
    goal: goal(129, 0.3),
  }),
];
