/** The outer checksum of GUE, which the program works out without reading the payload. */
import assert from "node:assert/strict";
import type { Family } from "../../core/addr/types.ts";
import type { PacketBuilder } from "../../core/packet/build.ts";
import { readU16 } from "../../core/packet/bytes.ts";
import { fold, pseudoSum, sumOf } from "../../core/packet/checksum.ts";
import { IpProtocol } from "../../core/packet/protocol.ts";
import { rootTest } from "../support/root_test.ts";
import { Client } from "./client.ts";
import { REAL, World } from "./world.ts";

const ETHERNET = 14;
const SUM_OF_ALL = 0xffff;
const CHECKSUM = 6;

const INNER: Readonly<Record<string, (to: Client) => PacketBuilder>> = {
  "TCP": (to) => to.tcp().payload("payload"),
  "TCP with options": (to) => to.tcp({ options: new Uint8Array(8) }).payload("x"),
  "UDP": (to) => to.udp("payloads"),
  "UDP, a byte alone at its end": (to) => to.udp("payload"),
  "UDP behind a tag": (to) => to.udp("payload", {}, {}, to.front.vlan(7)),
  "an ICMP error": (to) => to.icmpError(to.tcpAnswer()),
};
const BARE: Readonly<Record<string, (to: Client) => PacketBuilder>> = {
  "UDP without a checksum": (to) => to.udp("payload", { checksum: 0 }),
  "much UDP without a checksum": (to) => to.udp("x".repeat(1371), { checksum: 0 }),
};

rootTest("GUE has the checksum of all that it carries", async (t) => {
  using world = await load();
  for (const family of [4, 6] as const) {
    for (const outer of [4, 6] as const) {
      for (const [name, packet] of Object.entries({ ...INNER, ...outer === 6 ? BARE : {} })) {
        await t.step(`${name}, IPv${family} in IPv${outer}`, () => {
          const frame = send(world, family, outer, 20000, packet);
          assert.notEqual(readU16(frame, udpOf(frame, outer) + CHECKSUM), 0);
          assert.equal(sumOfUdp(frame, outer), SUM_OF_ALL);
        });
      }
    }
  }
});

rootTest("GUE over IPv4 has no checksum if the packet inside has none", async () => {
  using world = await load();
  for (const family of [4, 6] as const) {
    for (const packet of Object.values(BARE)) {
      const frame = send(world, family, 4, 20000, packet);
      assert.equal(readU16(frame, udpOf(frame, 4) + CHECKSUM), 0);
    }
  }
});

for (const outer of [4, 6] as const) {
  rootTest(`a checksum of 0 is sent as 0xffff, GUE over IPv${outer}`, async () => {
    using world = await load();
    const tcp = (to: Client) => to.tcp();
    const first = send(world, 4, outer, 20000, tcp);
    const udp = udpOf(first, outer);
    // The outer source port takes over what the checksum has, which leaves 0 to the checksum.
    const wanted = fold(readU16(first, udp) + readU16(first, udp + CHECKSUM));
    const frame = send(world, 4, outer, sourcePortFor(wanted, outer), tcp);
    assert.equal(readU16(frame, udp), wanted);
    assert.equal(readU16(frame, udp + CHECKSUM), 0xffff);
    assert.equal(sumOfUdp(frame, outer), SUM_OF_ALL);
  });
}

/** The client's port that makes an outer source port: client address 192.168.1.1. */
function sourcePortFor(outerPort: number, outer: Family): number {
  const mixed = outerPort ^ 0x0101;
  return outer === 4 ? (mixed & 0xff) << 8 | mixed >> 8 : mixed;
}

async function load(): Promise<World> {
  return await World.load({ gue: 1 }, {
    "real 4": { encap: "gue" },
    "real 6": { encap: "gue", ring: { current: REAL.prev } },
  });
}

function send(
  world: World,
  family: Family,
  outer: Family,
  sourcePort: number,
  packet: (to: Client) => PacketBuilder,
): Uint8Array {
  const client = new Client(world, family, `real ${outer}`, sourcePort);
  const { verdict, frame } = world.run.runOnly(packet(client).bytes());
  assert.equal(verdict, "sent");
  return frame;
}

/** Offset of the outer UDP header, behind a tag if there is one. */
function udpOf(frame: Uint8Array, outer: Family): number {
  const tag = readU16(frame, 12) === 0x8100 ? 4 : 0;
  return ETHERNET + tag + (outer === 4 ? 20 : 40);
}

/** Sum of pseudo-header, outer UDP header and all behind it. */
function sumOfUdp(frame: Uint8Array, outer: Family): number {
  const at = udpOf(frame, outer);
  const size = outer === 4 ? 4 : 16;
  const source = frame.subarray(at - 2 * size, at - size);
  const destination = frame.subarray(at - size, at);
  const segment = frame.subarray(at);
  return fold(
    pseudoSum(source, destination, IpProtocol.udp, segment.length) + sumOf(segment),
  );
}
