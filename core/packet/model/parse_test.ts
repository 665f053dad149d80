import assert from "node:assert/strict";
import { packet, type PacketBuilder } from "../build.ts";
import { fromHex } from "../bytes.ts";
import { fromRouter, modelOf, NOW, real, ring, vip } from "./_test_world.ts";

const tables = {
  vips: [vip(0, "10.200.1.1:80/udp", ring(1)), vip(1, "[fc00:1::1]:80/tcp", ring(1))],
  reals: new Map([[1, real("10.0.0.1")]]),
};
const V4 = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const V4_OTHER = { ...V4, destination: "10.200.1.9" } as const;
const V6 = { source: "fc00:2::1", destination: "fc00:1::1" } as const;
const V6_OTHER = { ...V6, destination: "fc00:1::9" } as const;
const WEB = { sourcePort: 31337, destinationPort: 80 } as const;

function fate(frame: Uint8Array | PacketBuilder, compatKatran = false): string {
  const bytes = frame instanceof Uint8Array ? frame : frame.bytes();
  const { verdict, reason, counters } = modelOf(tables, { compatKatran }).run(bytes, NOW);
  assert.equal(counters.get(`${verdict}.packets`), 1);
  assert.equal(counters.get(`${verdict}.bytes`) ?? 0, bytes.length);
  if (reason !== null) assert.equal(counters.get(`drops.${reason}`), 1);
  return reason ?? verdict;
}

Deno.test("a frame without a whole Ethernet header is dropped", () => {
  for (const length of [0, 1, 13]) assert.equal(fate(new Uint8Array(length)), "frame_short");
  assert.equal(fate(new Uint8Array(14)), "passed");
});

Deno.test("two tags are carried, a third passes, half a tag is dropped", () => {
  const one = fromRouter().vlan(5);
  const two = fromRouter().vlan(5, 0x88a8).vlan(6);
  assert.equal(fate(one.ipv4(V4).udp(WEB)), "sent");
  assert.equal(fate(two.ipv4(V4).udp(WEB)), "sent");
  assert.equal(fate(two.vlan(7).ipv4(V4).udp(WEB)), "passed");
  assert.equal(fate(two.ipv4(V4).truncate(17)), "frame_short");
  assert.equal(fate(two.ipv4(V4).truncate(21)), "frame_short");
  assert.equal(fate(two.vlan(7).truncate(22)), "passed");
});

Deno.test("other EtherTypes pass", () => {
  const mac = new Uint8Array(6);
  const ipv4 = packet().ipv4(V4).udp(WEB).bytes();
  const withType = (type: number) => packet().ethernet(mac, mac, type).payload(ipv4);
  assert.equal(fate(withType(0x0800)), "sent");
  for (const type of [0x0806, 0x8847, 0x9100, 0x0600]) assert.equal(fate(withType(type)), "passed");
});

Deno.test("an IP header that is cut is dropped, whoever it is for", () => {
  for (const builder of [fromRouter().ipv4(V4_OTHER), fromRouter().vlan(1).ipv6(V6_OTHER)]) {
    const whole = builder.bytes();
    assert.equal(fate(whole.slice(0, -1)), "ip_truncated");
    assert.equal(fate(whole), "passed");
  }
});

const NOT_BALANCED = [
  {
    name: "IPv4 options",
    reason: "ip_options",
    mine: fromRouter().ipv4({ ...V4, options: fromHex("01010100") }).udp(WEB),
    other: fromRouter().ipv4({ ...V4_OTHER, options: fromHex("01010100") }).udp(WEB),
  },
  {
    name: "a header length below 5",
    reason: "ip_options",
    mine: fromRouter().ipv4({ ...V4, headerWords: 4 }).udp(WEB),
    other: fromRouter().ipv4({ ...V4_OTHER, headerWords: 4 }).udp(WEB),
  },
  {
    name: "a first IPv4 fragment",
    reason: "fragment",
    mine: fromRouter().ipv4({ ...V4, fragment: 0x2000 }).udp(WEB),
    other: fromRouter().ipv4({ ...V4_OTHER, fragment: 0x2000 }).udp(WEB),
  },
  {
    name: "a later IPv4 fragment",
    reason: "fragment",
    mine: fromRouter().ipv4({ ...V4, fragment: 0x0001 }),
    other: fromRouter().ipv4({ ...V4_OTHER, fragment: 0x0001 }),
  },
  {
    name: "an IPv6 fragment",
    reason: "fragment",
    mine: fromRouter().ipv6({ ...V6, nextHeader: 44 }),
    other: fromRouter().ipv6({ ...V6_OTHER, nextHeader: 44 }),
  },
  {
    name: "half a UDP header",
    reason: "l4_truncated",
    mine: fromRouter().ipv4(V4).udp(WEB).truncate(41),
    other: fromRouter().ipv4(V4_OTHER).udp(WEB).truncate(41),
  },
  {
    name: "half a TCP header",
    reason: "l4_truncated",
    mine: fromRouter().ipv6(V6).tcp(WEB).truncate(73),
    other: fromRouter().ipv6(V6_OTHER).tcp(WEB).truncate(73),
  },
  {
    name: "half an ICMP header",
    reason: "l4_truncated",
    mine: fromRouter().ipv6(V6).icmp({ type: 128 }).truncate(61),
    other: fromRouter().ipv6(V6_OTHER).icmp({ type: 128 }).truncate(61),
  },
] as const;

for (const { name, reason, mine, other } of NOT_BALANCED) {
  Deno.test(`${name} is dropped for a VIP address and passes for any other`, () => {
    assert.equal(fate(mine), reason);
    assert.equal(fate(other), "passed");
  });

  Deno.test(`${name} is dropped for any address where katran's verdicts are asked for`, () => {
    assert.equal(fate(other, true), reason);
  });
}

Deno.test("an address of a VIP of another port or protocol is a VIP address", () => {
  assert.equal(
    fate(fromRouter().ipv4(V4).tcp({ ...WEB, destinationPort: 9 }).truncate(40)),
    "l4_truncated",
  );
});

Deno.test("what katran does not check is not checked", () => {
  for (
    const odd of [{ ttl: 0 }, { checksum: 1 }, { version: 6 }, { fragment: 0xc000 }, {
      totalLength: 3,
    }]
  ) {
    assert.equal(fate(fromRouter().ipv4({ ...V4, ...odd }).udp(WEB)), "sent", JSON.stringify(odd));
  }
  assert.equal(fate(fromRouter().ipv6({ ...V6, version: 4, hopLimit: 0 }).tcp(WEB)), "sent");
});

Deno.test("other protocols and extension headers pass", () => {
  for (const protocol of [0, 4, 41, 43, 47, 50, 58, 60, 132]) {
    assert.equal(fate(fromRouter().ipv4({ ...V4, protocol })), "passed");
  }
  for (const nextHeader of [0, 1, 4, 41, 43, 51, 60]) {
    assert.equal(fate(fromRouter().ipv6({ ...V6, nextHeader })), "passed");
  }
});
