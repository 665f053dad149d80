import assert from "node:assert/strict";
import { RING_SIZE } from "../../ring/constants.ts";
import { flowHash, slotOf } from "../../ring/flow_hash.ts";
import type { VipFlag } from "../../state/types.ts";
import { fromRouter, ip, modelOf, NOW, real, ring, vip } from "./_test_world.ts";

const CLIENT = "192.168.1.1";
const reals = new Map([[1, real("10.0.0.1")], [2, real("10.0.0.2")]]);

function frame(destination: string, destinationPort: number): Uint8Array {
  return fromRouter().ipv4({ source: CLIENT, destination })
    .udp({ sourcePort: 31337, destinationPort }).bytes();
}

/** A ring that has real 2 where the flow with this destination port hashes to, else 1. */
function ringMarking(destinationPort: number) {
  const slots = new Uint16Array(RING_SIZE).fill(1);
  slots[slotOf(flowHash(ip(CLIENT).bytes, 4, 31337, destinationPort))] = 2;
  return ring(slots);
}

function chosenVip(destination: string, port: number, cidr = true): string | undefined {
  const model = modelOf({
    reals,
    vips: [
      vip(0, "10.200.1.1:80/udp", ring(1)),
      vip(1, "10.200.1.0/24:80/udp", ring(1)),
      vip(2, "10.200.0.0/13:80/udp", ring(1)),
      vip(3, "10.200.1.2:0/udp", ring(1)),
      vip(4, "10.200.0.0/16:0/udp", ring(1)),
      vip(5, "10.200.1.1:81/tcp", ring(1)),
    ],
  }, { cidr });
  const { counters } = model.run(frame(destination, port), NOW);
  return [...counters.keys()].find((name) => name.endsWith(" packets") && name.startsWith("vip"));
}

Deno.test("a VIP is found in the order: exact, prefix, any port, any port of a prefix", () => {
  assert.equal(chosenVip("10.200.1.1", 80), "vip 0 packets");
  assert.equal(chosenVip("10.200.1.2", 80), "vip 1 packets", "a prefix with the port first");
  assert.equal(chosenVip("10.200.2.2", 80), "vip 2 packets", "the longest prefix of that port");
  assert.equal(chosenVip("10.200.1.2", 443), "vip 3 packets");
  assert.equal(chosenVip("10.200.1.1", 443), "vip 4 packets");
  assert.equal(chosenVip("10.200.1.1", 81), "vip 4 packets", "another protocol is another VIP");
  assert.equal(chosenVip("10.205.1.1", 443), undefined);
});

Deno.test("prefixes match only where the feature is on", () => {
  assert.equal(chosenVip("10.200.1.1", 80, false), "vip 0 packets");
  assert.equal(chosenVip("10.200.2.2", 80, false), undefined);
  assert.equal(chosenVip("10.200.1.1", 443, false), undefined);
});

/** Whether the flow is hashed with its port: the ring leads it to real 2 only then. */
function hashesPort(text: string, flags: readonly VipFlag[], compatKatran = false): boolean {
  const vips = [vip(0, text, ringMarking(443), { flags })];
  const model = modelOf({ reals, vips }, { cidr: true, compatKatran });
  return model.run(frame("10.200.1.1", 443), NOW).counters.has("real 2 packets");
}

Deno.test("the destination port is hashed where the VIP names it or asks for it", () => {
  assert.equal(hashesPort("10.200.1.1:443/udp", []), true);
  assert.equal(hashesPort("10.200.1.1:0/udp", []), false);
  assert.equal(hashesPort("10.200.1.1:0/udp", ["hash-src-dst-port"]), true);
  assert.equal(hashesPort("10.200.1.0/24:443/udp", []), true);
  assert.equal(hashesPort("10.200.1.0/24:0/udp", []), false);
  assert.equal(hashesPort("10.200.1.0/24:0/udp", ["hash-src-dst-port"]), true);
});

Deno.test("katran forgets the port of a prefix that names it", () => {
  assert.equal(hashesPort("10.200.1.0/24:443/udp", [], true), false);
  assert.equal(hashesPort("10.200.1.1:443/udp", [], true), true);
});

Deno.test("IPv6 prefixes match at odd lengths", () => {
  const vips = [vip(0, "[fc00:1:0:8::/61]:80/udp", ring(1))];
  const model = modelOf({ reals, vips }, { cidr: true });
  const verdict = (destination: string) =>
    model.run(
      fromRouter().ipv6({ source: "fc00:2::1", destination })
        .udp({ sourcePort: 1, destinationPort: 80 }).bytes(),
      NOW,
    ).verdict;
  assert.equal(verdict("fc00:1:0:f:ffff::1"), "sent");
  assert.equal(verdict("fc00:1:0:10::"), "passed");
  assert.equal(verdict("fc00:1:0:7::"), "passed");
});
