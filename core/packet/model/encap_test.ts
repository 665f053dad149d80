import assert from "node:assert/strict";
import type { RealConfig, VipConfig } from "../../state/types.ts";
import { packet, type PacketBuilder } from "../build.ts";
import { readU16, toHex } from "../bytes.ts";
import { decode } from "../decode.ts";
import { explainDifference } from "../diff.ts";
import {
  BALANCER_MAC,
  fromRouter,
  host,
  modelOf,
  NOW,
  real,
  ring,
  ROUTER_MAC,
  vip,
} from "./_test_world.ts";
import type { Settings } from "./settings.ts";

const V4 = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const V6 = { source: "fc00:2::1", destination: "fc00:1::1" } as const;
const WEB = { sourcePort: 31337, destinationPort: 80 } as const;
const REPLY = { sourcePort: 80, destinationPort: 31337 } as const;
const V4_REAL = "10.0.0.1";
const V6_REAL = "fc00::1";

interface Way {
  readonly to: string;
  readonly config?: Partial<VipConfig>;
  readonly real?: Partial<RealConfig>;
  readonly settings?: Partial<Settings>;
}

function send(builder: PacketBuilder, { to, config, settings, ...way }: Way): Uint8Array {
  const model = modelOf({
    vips: ["10.200.1.1:80/udp", "10.200.1.1:80/tcp", "[fc00:1::1]:80/udp", "[fc00:1::1]:80/tcp"]
      .map((text, index) => vip(index, text, ring(1), config)),
    reals: new Map([[1, real(to, way.real)]]),
  }, { gue: true, ...settings });
  const result = model.run(builder.bytes(), NOW);
  assert.equal(result.verdict, "sent");
  return result.frame;
}

const INNER: readonly (readonly [string, PacketBuilder])[] = [
  ["UDP over IPv4", packet().ipv4(V4).udp(WEB).payload("odd")],
  ["TCP over IPv4", packet().ipv4({ ...V4, id: 7, ttl: 9, tos: 3 }).tcp(WEB).payload("even")],
  ["UDP over IPv6", packet().ipv6(V6).udp(WEB).payload("odd")],
  ["TCP over IPv6", packet().ipv6({ ...V6, flowLabel: 0xabcde }).tcp(WEB).payload("odd")],
  [
    "ICMP",
    packet().ipv4({ ...V4, source: "203.0.113.9" }).icmp({ type: 3, code: 4, rest: 1400 })
      .ipv4({ source: V4.destination, destination: V4.source }).tcp(REPLY).payload("odd"),
  ],
  [
    "ICMPv6",
    packet().ipv6({ ...V6, source: "fc00:3::9" }).icmp({ type: 2, rest: 1400 })
      .ipv6({ source: V6.destination, destination: V6.source }).tcp(REPLY).payload("odd"),
  ],
  [
    "UDP over IPv4 without a checksum",
    packet().ipv4(V4).udp({ ...WEB, checksum: 0 }).payload("odd"),
  ],
  [
    "UDP over IPv6 without a checksum",
    packet().ipv6(V6).udp({ ...WEB, checksum: 0 }).payload("odd"),
  ],
];

for (const to of [V4_REAL, V6_REAL]) {
  for (const encap of ["ipip", "gue"] as const) {
    for (const [name, inner] of INNER) {
      Deno.test(`${name} in ${encap} to ${to}: every header right, the packet untouched`, () => {
        const received = fromRouter().payload(inner.bytes()).bytes();
        received.set(inner.bytes()[0] === 0x45 ? [0x08, 0x00] : [0x86, 0xdd], 12);
        const frame = send(packet().payload(received), { to, config: { encap } });
        const outerBytes = frame.length - received.length;
        assert.equal(outerBytes, (to === V4_REAL ? 20 : 40) + (encap === "gue" ? 8 : 0));
        assert.equal(toHex(frame.subarray(14 + outerBytes)), toHex(received.subarray(14)));
        for (const { name: layer, fields } of decode(frame)) {
          assert.doesNotMatch(
            fields.get("checksum") ?? "",
            /wrong|not/,
            `${layer} ${toHex(frame)}`,
          );
        }
      });
    }
  }
}

function assertFrame(actual: Uint8Array, expected: PacketBuilder): void {
  assert.equal(explainDifference(expected.bytes(), actual), "");
}

function toGateway(): PacketBuilder {
  return packet().ethernet(host.gatewayMac, BALANCER_MAC);
}

Deno.test("an IPv6 packet to an IPv4 real is protocol 41", () => {
  const inner = { ...V6, trafficClass: 0xb8 };
  const outer = { source: "172.16.105.123", destination: V4_REAL, tos: 0xb8 };
  // 31337 is 7a69; the client's last two bytes are 00 01: 69 ^ 00, 7a ^ 01
  assertFrame(
    send(fromRouter().ipv6(inner).tcp(WEB), { to: V4_REAL }),
    toGateway().ipv4(outer).ipv6(inner).tcp(WEB),
  );
});

Deno.test("GUE of an IPv6 packet takes its port from other bytes for each outer family", () => {
  const client = { ...V6, source: "fc00:2::a1b2:c3d4" };
  const sourcePort = (to: string) =>
    readU16(
      send(fromRouter().ipv6(client).udp(WEB), { to, config: { encap: "gue" } }),
      14 + (to === V4_REAL ? 20 : 40),
    );
  assert.equal(sourcePort(V4_REAL), (0x69 ^ 0xc3) << 8 | 0x7a ^ 0xd4);
  assert.equal(sourcePort(V6_REAL), (0x7a ^ 0xa1) << 8 | 0x69 ^ 0xb2);
});

Deno.test("GUE of UDP without a checksum has none over IPv4, and one over IPv6", () => {
  const unchecked = fromRouter().ipv4(V4).udp({ ...WEB, checksum: 0 });
  const config = { encap: "gue" } as const;
  assert.equal(readU16(send(unchecked, { to: V4_REAL, config }), 14 + 20 + 6), 0);
  assert.notEqual(readU16(send(unchecked, { to: V6_REAL, config }), 14 + 40 + 6), 0);
  const lying = fromRouter().ipv4({ ...V4, totalLength: 29 }).udp({ ...WEB, checksum: 0 });
  assert.equal(readU16(send(lying, { to: V6_REAL, config }), 14 + 40 + 6), 0);
});

Deno.test("tags stay, whatever the outer family", () => {
  const tagged = fromRouter().vlan(0x6005, 0x88a8).vlan(7);
  const outer = { source: "100::7a69:1", destination: V6_REAL };
  assertFrame(
    send(tagged.ipv6(V6).tcp(WEB), { to: V6_REAL }),
    toGateway().vlan(0x6005, 0x88a8).vlan(7).ipv6(outer).ipv6(V6).tcp(WEB),
  );
  assert.equal(readU16(send(tagged.ipv4(V4).tcp(WEB), { to: V6_REAL }), 20), 0x86dd);
});

Deno.test("the real's encapsulation goes before the VIP's", () => {
  const protocol = (vipSays: "ipip" | "gue", realSays: "ipip" | "gue" | null, gue = true) => {
    const way = { to: V4_REAL, config: { encap: vipSays }, real: { encap: realSays } };
    return send(fromRouter().ipv4(V4).tcp(WEB), { ...way, settings: { gue } })[23];
  };
  assert.equal(protocol("gue", null), 17);
  assert.equal(protocol("gue", "ipip"), 4);
  assert.equal(protocol("ipip", "gue"), 17);
  assert.equal(protocol("gue", "gue", false), 4);
});

Deno.test("settings choose TTL, outer source and GUE port", () => {
  const settings = {
    ttl: 9,
    guePort: 9886,
    ipipSourceV4: Uint8Array.of(1, 2),
    ipipSourceV6: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  };
  const tcp = fromRouter().ipv4(V4).tcp(WEB);
  const v4 = send(tcp, { to: V4_REAL, settings });
  assert.equal(v4[22], 9);
  assert.equal(toHex(v4.subarray(26, 28)), "0102");
  const v6 = send(tcp, { to: V6_REAL, settings });
  assert.equal(v6[21], 9);
  assert.equal(toHex(v6.subarray(22, 34)), "0102030405060708090a0b0c");
  assert.equal(readU16(send(tcp, { to: V4_REAL, config: { encap: "gue" }, settings }), 36), 9886);
});

Deno.test("bytes behind the packet travel with it, lengths are those of its header", () => {
  const frame = send(
    fromRouter().ipv4({ ...V4, totalLength: 28 }).udp(WEB).payload(new Uint8Array(18)),
    {
      to: V4_REAL,
    },
  );
  assert.equal(frame.length, 14 + 20 + 28 + 18);
  assert.equal(readU16(frame, 16), 48);
});

Deno.test("lengths beyond 16 bits are cut off, and still checksummed", () => {
  const frame = send(fromRouter().ipv4({ ...V4, totalLength: 0xffff }).udp(WEB), { to: V4_REAL });
  assert.equal(readU16(frame, 16), 19);
  assert.doesNotMatch(decode(frame)[1]?.fields.get("checksum") ?? "", /wrong/);
});

Deno.test("no-source-port keeps the port out of the outer source", () => {
  const config = { flags: ["no-source-port"] } as const;
  const frame = send(fromRouter().ipv4(V4).tcp(WEB), { to: V4_REAL, config });
  assert.deepEqual([...frame.subarray(26, 30)], [172, 16, 1, 1]);
});

Deno.test("frames come from the balancer's own address, as received", () => {
  const frame = send(packet().ethernet("02:aa:bb:cc:dd:ee", ROUTER_MAC).ipv4(V4).tcp(WEB), {
    to: V4_REAL,
  });
  assert.equal(toHex(frame.subarray(0, 12)), "0000deadbeaf02aabbccddee");
});
