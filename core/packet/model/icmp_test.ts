import assert from "node:assert/strict";
import { packet } from "../build.ts";
import { decode } from "../decode.ts";
import { TcpFlag } from "../protocol.ts";
import { counted, fromRouter, modelOf, NOW, real, ring, vip } from "./_test_world.ts";
import type { Settings } from "./settings.ts";

const tables = {
  vips: [
    vip(0, "10.200.1.1:80/tcp", ring(1)),
    vip(1, "[fc00:1::1]:80/udp", ring(1)),
    vip(2, "10.201.0.0/16:80/tcp", ring(1)),
  ],
  reals: new Map([[1, real("10.0.0.1")]]),
};
const V4 = { source: "203.0.113.9", destination: "10.200.1.1" } as const;
const V6 = { source: "fc00:3::9", destination: "fc00:1::1" } as const;
const QUOTED_V4 = { source: "10.200.1.1", destination: "192.168.1.1" } as const;
const QUOTED_V6 = { source: "fc00:1::1", destination: "fc00:2::1" } as const;
const REPLY = { sourcePort: 80, destinationPort: 31337 } as const;

function run(frame: Uint8Array, settings: Partial<Settings> = {}) {
  return modelOf(tables, { cidr: true, ...settings }).run(frame, NOW);
}

Deno.test("echo requests are answered by mode", () => {
  const mine = fromRouter().ipv4(V4).icmp({ type: 8 }).bytes();
  const cidr = fromRouter().ipv4({ ...V4, destination: "10.201.3.4" }).icmp({ type: 8 }).bytes();
  const other = fromRouter().ipv4({ ...V4, destination: "10.9.9.9" }).icmp({ type: 8 }).bytes();
  const verdicts = (echo: Settings["echo"]) =>
    [mine, cidr, other].map((frame) => run(frame, { echo }).verdict).join(" ");
  assert.equal(verdicts("off"), "passed passed passed");
  assert.equal(verdicts("vip"), "sent sent passed");
  assert.equal(verdicts("any"), "sent sent sent");
  assert.equal(run(cidr, { cidr: false }).verdict, "passed");
});

Deno.test("echo replies have right checksums, whatever the request's", () => {
  for (let rest = 0; rest < 0x10000; rest += 37) {
    const v4 = fromRouter().ipv4(V4).icmp({ type: 8, rest: rest * 0x10001 }).payload("abc").bytes();
    const v6 = fromRouter().vlan(9).ipv6(V6).icmp({ type: 128, rest: rest * 0x10001 }).bytes();
    for (const frame of [v4, v6]) {
      const { frame: reply, verdict } = run(frame);
      assert.equal(verdict, "sent");
      for (const { fields } of decode(reply)) {
        assert.doesNotMatch(fields.get("checksum") ?? "", /wrong/, `rest ${rest}`);
      }
    }
  }
});

Deno.test("echo replies keep everything but type, TTL, addresses and checksums", () => {
  const frame = fromRouter().vlan(9)
    .ipv4({ ...V4, id: 7, tos: 0xb8, ttl: 3, fragment: 0x4000 })
    .icmp({ type: 8, code: 5, rest: 0x12345678 }).payload("ping").bytes();
  const expected = packet().ethernet("01:00:00:00:00:00", "02:00:00:00:00:00").vlan(9)
    .ipv4({
      source: V4.destination,
      destination: V4.source,
      id: 7,
      tos: 0xb8,
      ttl: 64,
      fragment: 0x4000,
    })
    .icmp({ type: 0, code: 5, rest: 0x12345678 }).payload("ping").bytes();
  const result = run(frame);
  assert.deepEqual(result.frame, expected);
  assert.equal(counted(result), "echo_v4");
});

Deno.test("errors that quote eight bytes of TCP follow the flow", () => {
  const quote = packet().ipv4(QUOTED_V4).tcp(REPLY).truncate(28).bytes();
  const result = run(fromRouter().ipv4(V4).icmp({ type: 3, code: 1 }).payload(quote).bytes());
  assert.equal(result.verdict, "sent");
  assert.equal(counted(result), "icmp_error_v4 ring_picks");
});

Deno.test("errors of IPv6 types 1 and 2 follow the flow", () => {
  for (const type of [1, 2]) {
    const frame = fromRouter().ipv6(V6).icmp({ type, rest: 1500 }).ipv6(QUOTED_V6).udp(REPLY);
    const result = run(frame.bytes());
    assert.equal(result.verdict, "sent");
    assert.match(counted(result), /icmp_error_v6/);
  }
});

Deno.test("a quoted SYN is no SYN", () => {
  const frame = fromRouter().ipv4(V4).icmp({ type: 3 }).ipv4(QUOTED_V4)
    .tcp({ ...REPLY, flags: TcpFlag.syn | TcpFlag.ack }).bytes();
  const result = run(frame);
  assert.equal(counted(result), "icmp_error_v4 ring_picks");
  assert.equal(result.counters.get("vip 0 new_flows"), undefined);
});

Deno.test("MTU reports are counted for any destination", () => {
  const v4 = (rest: number, code = 4) =>
    fromRouter().ipv4({ ...V4, destination: "10.9.9.9" }).icmp({ type: 3, code, rest })
      .ipv4({ ...QUOTED_V4, source: "10.9.9.9" }).tcp(REPLY).bytes();
  assert.equal(counted(run(v4(1280))), "frag_needed_v4");
  assert.equal(counted(run(v4(1279))), "frag_needed_small_v4 frag_needed_v4");
  assert.equal(counted(run(v4(1279, 3))), "");
  const v6 = (type: number, rest: number) =>
    fromRouter().ipv6({ ...V6, destination: "fc00:9::1" }).icmp({ type, rest })
      .ipv6({ ...QUOTED_V6, source: "fc00:9::1" }).udp(REPLY).bytes();
  assert.equal(counted(run(v6(2, 1280))), "too_big_v6");
  assert.equal(counted(run(v6(2, 1279))), "too_big_small_v6 too_big_v6");
  assert.equal(counted(run(v6(2, 0x10000))), "too_big_v6");
  assert.equal(counted(run(v6(1, 0))), "");
});

Deno.test("errors without a usable quote are dropped for VIP addresses", () => {
  const quoted = packet().ipv4(QUOTED_V4).tcp(REPLY).bytes();
  const error = fromRouter().ipv4(V4).icmp({ type: 3 });
  for (const length of [0, 19, 20, 27]) {
    assert.equal(run(error.payload(quoted.slice(0, length)).bytes()).reason, "icmp_quote");
  }
  const options = packet().ipv4({ ...QUOTED_V4, headerWords: 6 }).tcp(REPLY).bytes();
  assert.equal(run(error.payload(options).bytes()).reason, "icmp_quote");
  const other = fromRouter().ipv4({ ...V4, destination: "10.9.9.9" }).icmp({ type: 3 });
  assert.equal(run(other.payload(quoted.slice(0, 19)).bytes()).verdict, "passed");
});

Deno.test("errors about other protocols pass, however short", () => {
  const quoted = packet().ipv4({ ...QUOTED_V4, protocol: 47 }).bytes();
  const frame = fromRouter().ipv4(V4).icmp({ type: 3 }).payload(quoted).bytes();
  assert.equal(run(frame).verdict, "passed");
});

Deno.test("other ICMP types and the other family's ICMP pass", () => {
  for (const type of [0, 4, 5, 11, 12, 13]) {
    assert.equal(run(fromRouter().ipv4(V4).icmp({ type }).bytes()).verdict, "passed");
  }
  for (const type of [3, 4, 129, 133, 135]) {
    assert.equal(run(fromRouter().ipv6(V6).icmp({ type }).bytes()).verdict, "passed");
  }
  const ping6 = fromRouter().ipv4({ ...V4, protocol: 58 }).icmp({ type: 128 }).bytes();
  assert.equal(run(ping6).verdict, "passed");
  const ping4 = fromRouter().ipv6({ ...V6, nextHeader: 1 }).icmp({ type: 8 }).bytes();
  assert.equal(run(ping4).verdict, "passed");
});
