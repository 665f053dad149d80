/** Packets to a VIP, cut at every length: no crash, counted once, dropped for the right reason. */
import assert from "node:assert/strict";
import type { PacketBuilder } from "../../core/packet/build.ts";
import { fromHex } from "../../core/packet/bytes.ts";
import { rootTest } from "../support/root_test.ts";
import { Client } from "./client.ts";
import { addressOf, type VipSpec, World } from "./world.ts";

/** The kernel takes no shorter frame. */
const SHORTEST = 14;

/** So many bytes are needed; fewer are dropped for this reason, or are `PASSED`. */
type Stump = readonly [number, string];

/** A packet, and how long a part of it must be to be sent. */
interface Kind {
  readonly name: string;
  readonly vip?: string;
  readonly packet: (client: Client) => PacketBuilder;
  /** What becomes of a part that ends before so many bytes behind the first IP header, in order. */
  readonly stumps: (ip: number) => readonly Stump[];
}

const PASSED = "passed";
const VIPS: Readonly<Record<string, VipSpec>> = {
  web: {},
  quic: { flags: ["quic"] },
  stable: { flags: ["udp-stable"] },
  named: { flags: ["tcp-server-id"] },
};
const TCP = (): readonly Stump[] => [[20, "l4_truncated"]];
const UDP = (): readonly Stump[] => [[8, "l4_truncated"]];
const QUOTE = (ip: number): readonly Stump[] => [
  [8, "l4_truncated"],
  [8 + ip + 8, "icmp_quote"],
];

const KINDS: readonly Kind[] = [
  { name: "TCP", packet: (to) => to.tcp().payload("x".repeat(8)), stumps: TCP },
  {
    name: "TCP with options",
    vip: "named",
    packet: (to) => to.tcp({ options: fromHex("0101b70601000000") }).payload("x"),
    stumps: TCP,
  },
  { name: "UDP", packet: (to) => to.udp("x".repeat(8)), stumps: UDP },
  {
    name: "QUIC",
    vip: "quic",
    packet: (to) => to.udp(fromHex("e0000000010840ff80000000000000")),
    stumps: UDP,
  },
  {
    name: "UDP stable routing",
    vip: "stable",
    packet: (to) => to.udp(fromHex("520000010000000000")),
    stumps: UDP,
  },
  { name: "a ping", packet: (to) => to.ping(), stumps: () => [[8, "l4_truncated"]] },
  {
    name: "an ICMP error about TCP",
    packet: (to) => to.icmpError(to.tcpAnswer()),
    stumps: QUOTE,
  },
  {
    name: "an ICMP error about UDP to a QUIC VIP",
    vip: "quic",
    packet: (to) => to.icmpError(to.udpAnswer()),
    stumps: QUOTE,
  },
  {
    name: "IPIP",
    packet: (to) => to.tcp({}, {}, to.ip({ destination: tunnelEnd(to) })),
    stumps: (ip) => [[ip, "decap_malformed"], [ip + 20, "l4_truncated"]],
  },
  {
    name: "GUE",
    packet: (to) =>
      to.udp(
        "x",
        {},
        {},
        to.ip({ destination: tunnelEnd(to) }).udp({
          sourcePort: 4444,
          destinationPort: 6080,
        }),
      ),
    // Without ports it is no tunnel, and the other end is no VIP.
    stumps: (ip) => [
      [8, PASSED],
      [8 + ip, "decap_malformed"],
      [8 + ip + 8, "l4_truncated"],
    ],
  },
];

for (const tags of [0, 1, 2]) {
  rootTest(`packets cut at every length, ${tags} tags`, async (t) => {
    using world = await World.load(
      { quic: 1, udp_stable: 1, tcp_server_id: 1, decap_ipip: 1, decap_gue: 1 },
      VIPS,
    );
    for (const family of [4, 6] as const) {
      const { decapDestinations } = world.run.dataplane.maps;
      decapDestinations.set(addressOf(family === 4 ? "172.31.0.1" : "fc00:31::1"), 0);
      for (const kind of KINDS) {
        await t.step(`${kind.name}, IPv${family}`, () => cutEverywhere(world, family, kind, tags));
      }
    }
  });
}

function cutEverywhere(world: World, family: 4 | 6, kind: Kind, tags: number): void {
  const client = new Client(world, family, kind.vip ?? "web", 20000);
  const whole = withTags(kind.packet(client).bytes(), tags);
  const header = family === 4 ? 20 : 40;
  const l2 = 14 + 4 * tags;
  const stumps: readonly Stump[] = [
    [l2, "frame_short"],
    [l2 + header, "ip_truncated"],
    ...kind.stumps(header).map(([size, reason]) => [l2 + header + size, reason] as const),
  ];
  for (let length = SHORTEST; length <= whole.length; length++) {
    const [, end = "sent"] = stumps.find(([size]) => length < size) ?? [];
    assertOnce(world, whole.subarray(0, length), end);
  }
}

/** One verdict, one count of packets and bytes, and a reason where it is dropped. */
function assertOnce({ run }: World, frame: Uint8Array, end: string): void {
  const { verdict, counters } = run.run(frame);
  const where = `${frame.length} bytes`;
  const whole = end === "sent" || end === PASSED;
  assert.equal(verdict, whole ? end : "dropped", where);
  const ends = Object.entries(counters).filter(([name]) =>
    /^(sent|passed|dropped|drops)\./.test(name)
  );
  assert.deepEqual(
    Object.fromEntries(ends),
    {
      [`${verdict}.packets`]: 1,
      [`${verdict}.bytes`]: frame.length,
      ...whole ? {} : { [`drops.${end}`]: 1 },
    },
    where,
  );
}

function tunnelEnd({ family }: Client): string {
  return family === 4 ? "172.31.0.1" : "fc00:31::1";
}

/** The frame with 802.1Q tags behind its MACs. */
function withTags(frame: Uint8Array, tags: number): Uint8Array {
  const tag = fromHex("81000007".repeat(tags));
  return Uint8Array.of(...frame.subarray(0, 12), ...tag, ...frame.subarray(12));
}
