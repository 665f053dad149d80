import assert from "node:assert/strict";
import { packet, type PacketBuilder } from "../build.ts";
import { concat, toHex } from "../bytes.ts";
import { decode } from "../decode.ts";
import { explainDifference } from "../diff.ts";
import { counted, fromRouter, ip, modelOf, NOW, real, ring, vip } from "./_test_world.ts";
import type { Settings } from "./settings.ts";

const V4 = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const V6 = { source: "fc00:2::1", destination: "fc00:1::1" } as const;
const WEB = { sourcePort: 31337, destinationPort: 80 } as const;
const GUE = { sourcePort: 4444, destinationPort: 6080 } as const;
const TUNNEL_V4 = { source: "10.9.9.9", destination: "172.31.0.1" } as const;
const TUNNEL_V6 = { source: "fc00:9::9", destination: "fc00:1404::1" } as const;
const RETURNED = { ...TUNNEL_V4, destination: "172.31.0.2" } as const;
const FOR_HOST = { ...TUNNEL_V4, destination: "172.31.0.3" } as const;
const UNLISTED = { ...TUNNEL_V4, destination: "172.31.0.9" } as const;

function run(frame: Uint8Array | PacketBuilder, settings: Partial<Settings> = {}) {
  const model = modelOf({
    vips: [vip(0, "10.200.1.1:80/udp", ring(1)), vip(1, "[fc00:1::1]:80/udp", ring(1))],
    reals: new Map([[1, real("10.0.0.1")]]),
    decapDestinations: [
      { address: ip("172.31.0.1"), inner: "balance" },
      { address: ip("fc00:1404::1"), inner: "balance" },
      { address: ip("172.31.0.2"), inner: "return" },
      { address: ip("172.31.0.3"), inner: "pass" },
    ],
  }, { decapIpip: true, decapGue: true, ...settings });
  return model.run(frame instanceof Uint8Array ? frame : frame.bytes(), NOW);
}

const WAYS = [
  ["ipip", "v4", fromRouter().ipv4(TUNNEL_V4)],
  ["ipip", "v6", fromRouter().ipv6(TUNNEL_V6)],
  ["gue", "v4", fromRouter().ipv4(TUNNEL_V4).udp(GUE)],
  ["gue", "v6", fromRouter().vlan(5).ipv6(TUNNEL_V6).udp(GUE)],
] as const;

for (const [kind, outer, tunnel] of WAYS) {
  for (const inner of ["v4", "v6"] as const) {
    Deno.test(`${inner} in ${kind} over ${outer} is balanced like any packet`, () => {
      const wrapped = inner === "v4" ? tunnel.ipv4(V4) : tunnel.ipv6(V6);
      const received = wrapped.udp(WEB).payload("x").bytes();
      const result = run(received);
      assert.equal(result.verdict, "sent");
      assert.equal(
        counted(result),
        `decap_forwarded_${inner} decap_${kind}_${outer} decap_listed ring_picks`,
      );
      assert.equal(result.counters.get("sent.bytes"), received.length, "bytes as received");
      const sent = decode(result.frame).filter(({ name }) => /^ip/.test(name)).at(-1);
      assert.equal(sent?.fields.get(inner === "v4" ? "ttl" : "hopLimit"), "63");
      assert.doesNotMatch(sent?.fields.get("checksum") ?? "", /wrong/);
    });
  }
}

Deno.test("returned packets go back where the tunnel came from", () => {
  const result = run(fromRouter().vlan(5).ipv4(RETURNED).udp(GUE).ipv6(V6).udp(WEB));
  const expected = packet().ethernet("01:00:00:00:00:00", "02:00:00:00:00:00").vlan(5)
    .ipv6({ ...V6, hopLimit: 63 }).udp(WEB).bytes();
  assert.equal(result.verdict, "sent");
  assert.equal(explainDifference(expected, result.frame), "");
  assert.equal(counted(result), "decap_gue_v4 decap_listed decap_returned_v6");
});

Deno.test("packets for this host are passed without their tunnel", () => {
  const result = run(fromRouter().ipv4(FOR_HOST).ipv4(V4).udp(WEB));
  const expected = fromRouter().ipv4({ ...V4, ttl: 63 }).udp(WEB).bytes();
  assert.equal(result.verdict, "passed");
  assert.equal(explainDifference(expected, result.frame), "");
  assert.equal(counted(result), "decap_ipip_v4 decap_listed");
});

Deno.test("tunnel packets to other addresses are like any others", () => {
  const ipip = fromRouter().ipv4(UNLISTED).ipv4(V4).udp(WEB).bytes();
  assert.equal(toHex(run(ipip).frame), toHex(ipip));
  assert.equal(counted(run(ipip)), "");
  const gueToVip = fromRouter().ipv4({ ...TUNNEL_V4, destination: V4.destination })
    .udp({ ...GUE, destinationPort: 80 }).ipv4(V4).udp(WEB);
  assert.equal(counted(run(gueToVip, { guePort: 80 })), "ring_picks");
});

Deno.test("katran's way: unlisted tunnels are taken off for the host", () => {
  const result = run(fromRouter().ipv4(UNLISTED).ipv4(V4).udp(WEB), { decapAny: true });
  assert.equal(result.verdict, "passed");
  assert.equal(counted(result), "decap_ipip_v4");
  assert.equal(result.frame.length, 14 + 28);
});

Deno.test("each kind of tunnel has its switch", () => {
  const ipip = fromRouter().ipv4(TUNNEL_V4).ipv4(V4).udp(WEB);
  const gue = fromRouter().ipv4(TUNNEL_V4).udp(GUE).ipv4(V4).udp(WEB);
  assert.equal(run(ipip, { decapIpip: false }).verdict, "passed");
  assert.equal(run(gue, { decapGue: false }).verdict, "passed");
  assert.equal(run(ipip, { decapGue: false }).verdict, "sent");
  assert.equal(run(gue, { decapIpip: false }).verdict, "sent");
});

Deno.test("inner headers must be complete and known", () => {
  const ipip = fromRouter().ipv4(TUNNEL_V4).ipv4(V4).bytes();
  assert.equal(run(ipip.slice(0, -1)).reason, "decap_malformed");
  const gue = fromRouter().ipv4(TUNNEL_V4).udp(GUE);
  assert.equal(run(gue).reason, "decap_malformed");
  assert.equal(run(gue.ipv6(V6).truncate(81)).reason, "decap_malformed");
  for (const first of [0x00, 0x30, 0x55, 0x75, 0xff]) {
    const payload = concat(Uint8Array.of(first), new Uint8Array(60));
    assert.equal(run(gue.payload(payload)).reason, "decap_malformed");
  }
  assert.equal(run(fromRouter().ipv4(TUNNEL_V4).udp(GUE).truncate(41)).verdict, "passed");
});

Deno.test("a TTL that is used up ends the packet", () => {
  for (const [ttl, fate] of [[0, "decap_ttl"], [1, "decap_ttl"], [2, null], [255, null]] as const) {
    assert.equal(run(fromRouter().ipv4(TUNNEL_V4).ipv4({ ...V4, ttl }).udp(WEB)).reason, fate);
    const v6 = fromRouter().ipv4(TUNNEL_V4).ipv6({ ...V6, hopLimit: ttl }).udp(WEB);
    assert.equal(run(v6).reason, fate);
  }
});

Deno.test("congestion marks reach the inner packet, or end it", () => {
  const outer = { ...FOR_HOST, tos: 0b11 };
  for (const [tos, after] of [[0b1110_01, 0b1110_11], [0b10, 0b11], [0b11, 0b11]] as const) {
    const v4 = run(fromRouter().ipv4(outer).ipv4({ ...V4, tos }).udp(WEB));
    const expectedV4 = fromRouter().ipv4({ ...V4, tos: after, ttl: 63 }).udp(WEB).bytes();
    assert.equal(explainDifference(expectedV4, v4.frame), "");
    const v6 = run(fromRouter().ipv4(outer).ipv6({ ...V6, trafficClass: tos }).udp(WEB));
    const expectedV6 = fromRouter().ipv6({ ...V6, trafficClass: after, hopLimit: 63 }).udp(WEB);
    assert.equal(explainDifference(expectedV6.bytes(), v6.frame), "");
  }
  assert.equal(run(fromRouter().ipv4(outer).ipv4(V4).udp(WEB)).reason, "decap_ecn");
});

Deno.test("four tunnels are taken off, the fifth passes", () => {
  const nested = (tunnels: number) => {
    let builder = fromRouter();
    for (let count = 0; count < tunnels; count++) builder = builder.ipv4(TUNNEL_V4);
    return builder.ipv4(V4).udp(WEB).bytes();
  };
  assert.equal(run(nested(4)).verdict, "sent");
  const result = run(nested(5));
  assert.equal(result.verdict, "passed");
  assert.equal(result.counters.get("decap_listed"), 4);
  assert.equal(result.counters.get("passed.bytes"), 14 + 6 * 20 + 8);
  assert.equal(result.frame.length, 14 + 2 * 20 + 8);
});

Deno.test("what comes out of a tunnel is checked like what comes from the wire", () => {
  const fragment = fromRouter().ipv4(TUNNEL_V4).ipv4({ ...V4, fragment: 0x2000 }).udp(WEB);
  assert.equal(run(fragment).reason, "fragment");
  const ping = fromRouter().ipv4(TUNNEL_V4).ipv4(V4).icmp({ type: 8 });
  assert.match(counted(run(ping)), /echo_v4/);
});
