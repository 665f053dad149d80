import assert from "node:assert/strict";
import type { Encap } from "../../state/types.ts";
import { packet } from "../build.ts";
import { readU16, readU32, toHex } from "../bytes.ts";
import { decode } from "../decode.ts";
import { counted, fromRouter, modelOf, NOW, real, ring, vip } from "./_test_world.ts";
import type { Settings } from "./settings.ts";

const V4 = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const V6 = { source: "fc00:2::1", destination: "fc00:1::1" } as const;
const WEB = { sourcePort: 31337, destinationPort: 80 } as const;

function model(settings: Partial<Settings>, encap: Encap = "ipip") {
  return modelOf({
    vips: [
      vip(0, "10.200.1.1:80/udp", ring(1), { encap }),
      vip(1, "[fc00:1::1]:80/udp", ring(1), { encap }),
    ],
    reals: new Map([[1, real("10.0.0.1")]]),
  }, { gue: true, ...settings });
}

/** A frame of so many bytes behind the Ethernet header. */
function v4Frame(ipBytes: number, front = fromRouter()): Uint8Array {
  return front.ipv4({ ...V4, tos: 0xb8, id: 9 }).udp(WEB).payload(new Uint8Array(ipBytes - 28))
    .bytes();
}

function v6Frame(ipBytes: number, front = fromRouter()): Uint8Array {
  return front.ipv6(V6).udp(WEB).payload(new Uint8Array(ipBytes - 48)).bytes();
}

function fate(frame: Uint8Array, settings: Partial<Settings>, encap: Encap = "ipip"): string {
  const { verdict, reason } = model(settings, encap).run(frame, NOW);
  return reason ?? verdict;
}

Deno.test("max_frame counts Ethernet without tags", () => {
  assert.equal(fate(v4Frame(1500), {}), "sent");
  assert.equal(fate(v4Frame(1501), {}), "too_big");
  assert.equal(fate(v4Frame(1500, fromRouter().vlan(1).vlan(2)), {}), "sent");
  assert.equal(fate(v4Frame(600), { maxFrame: 613 }), "too_big");
});

Deno.test("path_mtu counts what is sent", () => {
  const settings = { pathMtu: 1500 };
  assert.equal(fate(v4Frame(1480), settings), "sent");
  assert.equal(fate(v4Frame(1481), settings), "too_big");
  assert.equal(fate(v4Frame(1472), settings, "gue"), "sent");
  assert.equal(fate(v4Frame(1473), settings, "gue"), "too_big");
});

Deno.test("packets to other addresses pass at any size", () => {
  const frame = fromRouter().ipv4({ ...V4, destination: "10.9.9.9" }).udp(WEB)
    .payload(new Uint8Array(3000)).bytes();
  assert.equal(fate(frame, {}), "passed");
});

function answered(
  frame: Uint8Array,
  settings: Partial<Settings>,
  encap: Encap = "ipip",
): Uint8Array {
  const result = model({ tooBig: true, ...settings }, encap).run(frame, NOW);
  assert.equal(result.verdict, "sent");
  for (const { fields } of decode(result.frame)) {
    if (fields.has("checksum")) {
      assert.doesNotMatch(fields.get("checksum") ?? "", /wrong/);
    }
  }
  return result.frame;
}

Deno.test("the answer knows what the real's encapsulation leaves", () => {
  const mtu = (settings: Partial<Settings>, encap: Encap = "ipip") =>
    readU16(answered(v4Frame(1600), settings, encap), 40);
  assert.equal(mtu({}), 1500);
  assert.equal(mtu({ pathMtu: 1500 }), 1480);
  assert.equal(mtu({ pathMtu: 1500 }, "gue"), 1472);
  assert.equal(mtu({ pathMtu: 9000 }), 1500);
  assert.equal(readU32(answered(v6Frame(1600), { pathMtu: 1500 }), 58), 1480);
});

Deno.test("the answer quotes the packet, keeps tags and turns addresses around", () => {
  const tagged = fromRouter().vlan(5, 0x88a8).vlan(6);
  const v4 = v4Frame(1600, tagged);
  const v4Answer = answered(v4, {});
  assert.equal(v4Answer.length, 22 + 20 + 8 + 84);
  assert.equal(
    toHex(v4Answer.subarray(0, 22)),
    "010000000000020000000000" + "88a80005810000060800",
  );
  assert.equal(toHex(v4Answer.subarray(50)), toHex(v4.subarray(22, 22 + 84)));
  const v6 = v6Frame(1600);
  const v6Answer = answered(v6, {});
  assert.equal(v6Answer.length, 14 + 40 + 8 + 248);
  assert.equal(toHex(v6Answer.subarray(62)), toHex(v6.subarray(14, 14 + 248)));
});

Deno.test("answers are counted and limited, packets of VIPs are not counted", () => {
  const limited = model({ tooBig: true, tooBigRate: 1 });
  const first = limited.run(v4Frame(1600), NOW);
  assert.equal(counted(first), "ring_picks too_big_sent_v4");
  assert.equal(first.counters.has("vip 0 packets"), false);
  const second = limited.run(v6Frame(1600), NOW);
  assert.equal(second.reason, "too_big");
  assert.equal(counted(second), "ring_picks too_big_gated");
});

Deno.test("an ICMP error that is too big is dropped, never answered", () => {
  const quoted = packet().ipv4({ source: V4.destination, destination: V4.source })
    .udp({ sourcePort: 80, destinationPort: 31337 }).payload(new Uint8Array(1600)).bytes();
  const error = fromRouter().ipv4({ ...V4, source: "203.0.113.9" }).icmp({ type: 3 }).payload(
    quoted,
  );
  const result = model({ tooBig: true }).run(error.bytes(), NOW);
  assert.equal(result.reason, "too_big");
  assert.equal(counted(result), "ring_picks");
});
