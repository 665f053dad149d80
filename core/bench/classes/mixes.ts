import { quicFrame, synFrame, tcpFrame, udpFrame } from "../frames.ts";
import { MANY_VIPS, serverId } from "../scenario.ts";
import type { FrameTemplate, PacketClass } from "../types.ts";
import { DEFAULT_WORLD, defineClass, FLOWS_1M, FLOWS_256K, FLOWS_64K, goal } from "./define.ts";

const WEB = { address: "10.200.1.1", port: 80 };
const SECOND = { address: "10.200.1.12", port: 80 };
const THIRD = { address: "10.200.1.13", port: 80 };
const V6 = { address: "fc00:1::1", port: 80 };
const V6_REALS = { address: "10.200.1.3", port: 80 };
const QUIC = { address: "10.200.1.5", port: 443 };

const MANY = Array.from(
  { length: MANY_VIPS },
  (_, i) => tcpFrame({ address: `10.200.2.${i}`, port: 443 }),
);

/** Shares of 64: half TCP v4 data, a quarter QUIC and UDP, an eighth v6, the rest connects. */
const MIX: readonly FrameTemplate[] = [
  ...times(16, tcpFrame(WEB)),
  ...times(10, tcpFrame(SECOND)),
  ...times(10, tcpFrame(THIRD)),
  ...times(2, tcpFrame(V6_REALS)),
  ...times(8, tcpFrame(V6)),
  ...Array.from({ length: 8 }, (_, i) => quicFrame(QUIC, serverId(1 + i))),
  ...times(6, udpFrame(WEB)),
  ...times(3, synFrame(WEB)),
  ...times(1, synFrame(V6)),
];

const mix = {
  frame: MIX,
  world: { ...DEFAULT_WORLD, features: ["quic"] },
  counter: "sent.packets",
} as const;

/** Three connection attempts for one packet of an established flow. */
const FLOOD: readonly FrameTemplate[] = [...times(3, synFrame(WEB)), tcpFrame(WEB)];

/** Traffic of many VIPs, or of many kinds. */
export const MIX_CLASSES: readonly PacketClass[] = [
  defineClass({
    name: "vips-64",
    brief: "TCP v4, 64 VIPs of 16 k known flows",
    frame: MANY,
    flows: FLOWS_1M,
    goal: goal(474, 0.25, "64k"),
  }),
  defineClass({
    name: "mix-64k",
    brief: "TCP, UDP, QUIC, v4 and v6, 64 k flows",
    ...mix,
    flows: FLOWS_64K,
    warmUp: { frames: MIX, flows: FLOWS_64K },
    goal: goal(466, 0.2, "64k"),
  }),
  defineClass({
    name: "mix-256k",
    brief: "TCP, UDP, QUIC, v4 and v6, 256 k flows",
    ...mix,
    flows: FLOWS_256K,
    warmUp: { frames: MIX, flows: FLOWS_256K },
    goal: goal(610, 0.2, "64k"),
  }),
  defineClass({
    name: "syn-flood",
    brief: "TCP v4, three SYNs for each packet of known flows",
    frame: FLOOD,
    flows: 2 ** 24,
    goal: null,
  }),
];

function times(count: number, frame: FrameTemplate): readonly FrameTemplate[] {
  return Array.from({ length: count }, () => frame);
}
