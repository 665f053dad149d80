/**
 * Addresses, ports and protocols near those of a VIP: thousands, so that many fall into the same
 * bucket of the VIP table and only the comparison of the whole key keeps them apart.
 */
import assert from "node:assert/strict";
import { packet } from "../../core/packet/build.ts";
import { rootTest } from "../support/root_test.ts";
import { addressOf, World } from "./world.ts";

const NEIGHBOURS = 2000;
const PORT = 1000;

for (const family of [4, 6] as const) {
  rootTest(`what is near a VIP passes, IPv${family}`, async () => {
    using world = await World.load({}, { web: {} });
    const { address } = world.vip("web", family);
    const before = world.run.counters();
    for (let index = 1; index <= NEIGHBOURS; index++) {
      for (const frame of strangers(family, addressOf(address).bytes, index)) {
        assert.equal(world.run.runOnly(frame).verdict, "passed", `neighbour ${index}`);
      }
    }
    const { "passed.packets": passed, ...rest } = world.run.movedSince(before);
    assert.equal(passed, NEIGHBOURS * 4);
    assert.deepEqual(Object.keys(rest), ["passed.bytes"]);
  });
}

/** The same but for one part of the key: last bytes or a middle byte of the address, port, SCTP. */
function strangers(family: 4 | 6, vip: Uint8Array, index: number): readonly Uint8Array[] {
  const last = family === 4 ? 3 : 15;
  const near = vip.slice();
  near[last] = (near[last] ?? 0) ^ (index & 0xff);
  near[last - 1] = (near[last - 1] ?? 0) ^ (index >> 8);
  const middle = vip.slice();
  middle[last >> 1] = (middle[last >> 1] ?? 0) ^ (index % 255 + 1);
  const tcp = { sourcePort: 31337, destinationPort: PORT };
  return [
    to(family, near).tcp(tcp).bytes(),
    to(family, middle).tcp(tcp).bytes(),
    to(family, vip).tcp({ ...tcp, destinationPort: PORT + index }).bytes(),
    to(family, vip, 132).tcp(tcp).bytes(),
  ];
}

function to(family: 4 | 6, destination: Uint8Array, protocol?: number) {
  const front = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
  const source = addressOf(family === 4 ? "192.168.1.1" : "fc00:2::1").bytes;
  if (family === 4) {
    return front.ipv4({ source, destination, ...protocol === undefined ? {} : { protocol } });
  }
  const next = protocol === undefined ? {} : { nextHeader: protocol };
  return front.ipv6({ source, destination, ...next });
}
