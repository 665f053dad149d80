import {
  echoFrame,
  quicFrame,
  quicInitialFrame,
  serverIdFrame,
  tcpFrame,
  tooBigFrame,
  tunnelFrame,
} from "../frames.ts";
import { FEATURES } from "../../state/words.ts";
import { MANY_VIPS, serverId } from "../scenario.ts";
import type { BenchFeature, PacketClass, World } from "../types.ts";
import { DEFAULT_WORLD, defineClass, FLOWS_64K, goal } from "./define.ts";

const VIP = { address: "10.200.1.1", port: 80 };
const V6_VIP = { address: "fc00:1::1", port: 80 };
const QUIC_VIP = { address: "10.200.1.5", port: 443 };
const SOURCE_VIP = { address: "10.200.1.8", port: 80 };
const SERVER_ID_VIP = { address: "10.200.1.10", port: 80 };
const NO_VIP = { address: "10.200.9.9", port: 80 };
const NO_V6_VIP = { address: "fc00:1::9", port: 80 };
/** A real that flow 0 does not get from the ring. */
const REAL = 42;
/** An id that no real has. */
const UNMAPPED = 0x040001;

/** As many servers as there may be templates. */
const QUIC_FRAMES = Array.from(
  { length: MANY_VIPS },
  (_, i) => quicFrame(QUIC_VIP, serverId(1 + i)),
);

function withFeature(feature: BenchFeature): World {
  return { ...DEFAULT_WORLD, features: [feature] };
}

/** What other features cost a VIP that uses none. */
export const FEATURE_CLASSES: readonly PacketClass[] = [
  defineClass({
    name: "tcp-v4-features",
    brief: "TCP v4, one known flow, all features on",
    frame: tcpFrame(VIP),
    world: { ...DEFAULT_WORLD, features: FEATURES },
    goal: null,
  }),
];

/** Packets that carry the number of their server, or whose source decides. */
export const IDENTIFIED_CLASSES: readonly PacketClass[] = [
  defineClass({
    name: "quic-mapped",
    brief: "QUIC short header, known server, one flow",
    frame: quicFrame(QUIC_VIP, serverId(REAL)),
    world: withFeature("quic"),
    counter: "quic_routed",
    goal: goal(108, 0.4),
  }),
  defineClass({
    name: "quic-mapped-64k",
    brief: "QUIC short header, known servers, 64 k flows",
    frame: QUIC_FRAMES,
    flows: FLOWS_64K,
    world: withFeature("quic"),
    warmUp: { frames: QUIC_FRAMES, flows: FLOWS_64K },
    counter: "quic_routed",
    goal: goal(376, 0.3, "64k"),
  }),
  defineClass({
    name: "quic-unmapped",
    brief: "QUIC short header, unknown server",
    frame: quicFrame(QUIC_VIP, UNMAPPED),
    world: withFeature("quic"),
    counter: "quic_ring",
    goal: goal(139, 0.4),
  }),
  defineClass({
    name: "quic-initial",
    brief: "QUIC Initial",
    frame: quicInitialFrame(QUIC_VIP),
    world: withFeature("quic"),
    counter: "quic_initial",
    goal: goal(139, 0.4),
  }),
  defineClass({
    name: "tcp-server-id",
    brief: "TCP v4 with a server id option",
    frame: serverIdFrame(SERVER_ID_VIP, serverId(REAL)),
    world: withFeature("tcp-server-id"),
    counter: "server_id_routed",
    goal: goal(105, 0.5),
  }),
  defineClass({
    name: "tcp-source",
    brief: "TCP v4, routed by source prefix",
    frame: tcpFrame(SOURCE_VIP),
    world: withFeature("source-routing"),
    counter: "source_hits",
    goal: goal(164, 0.7),
  }),
];

/** Tunnel packets whose inner packet is balanced. */
export const DECAP_CLASSES: readonly PacketClass[] = [
  defineClass({
    name: "decap-ipip",
    brief: "IPIP taken off, TCP v4 forwarded",
    frame: tunnelFrame(VIP, "ipip"),
    world: withFeature("decap-ipip"),
    counter: "decap_forwarded_v4",
    goal: goal(149, 0.5),
  }),
  defineClass({
    name: "decap-gue",
    brief: "GUE taken off, TCP v4 forwarded",
    frame: tunnelFrame(VIP, "gue"),
    world: withFeature("decap-gue"),
    counter: "decap_forwarded_v4",
    goal: goal(149, 0.5),
  }),
];

/** ICMP, and what is none of a balancer's business. */
export const OTHER_CLASSES: readonly PacketClass[] = [
  defineClass({
    name: "icmp-frag-needed",
    brief: "ICMP fragmentation needed, relayed",
    frame: tooBigFrame(VIP),
    counter: "icmp_error_v4",
    goal: goal(110, 0.5),
  }),
  defineClass({
    name: "icmp-too-big-v6",
    brief: "ICMPv6 packet too big, relayed",
    frame: tooBigFrame(V6_VIP),
    counter: "icmp_error_v6",
    goal: null,
  }),
  defineClass({
    name: "icmp-echo",
    brief: "Ping of a VIP, answered",
    frame: echoFrame(VIP.address),
    counter: "echo_v4",
    goal: goal(11, 1.2),
  }),
  defineClass({
    name: "pass-v4",
    brief: "TCP v4 to no VIP",
    frame: tcpFrame(NO_VIP),
    counter: "passed.packets",
    goal: goal(47, 0.25),
  }),
  defineClass({
    name: "pass-v6",
    brief: "TCP v6 to no VIP",
    frame: tcpFrame(NO_V6_VIP),
    counter: "passed.packets",
    goal: goal(47, 0.35),
  }),
];
