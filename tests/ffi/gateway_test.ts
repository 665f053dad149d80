import assert from "node:assert/strict";
import { parseAddress } from "../../core/addr/parse_address.ts";
import { formatMac } from "../../core/addr/format_mac.ts";
import { discoverGateway } from "../../ffi/gateway.ts";
import { run } from "../../scripts/lab/command.ts";
import { Namespace } from "../../scripts/lab/namespace.ts";
import { rootTest } from "../support/root_test.ts";
import { VethPair } from "../support/veth.ts";

const MAC = "02:00:5e:10:00:01";
const PEERS = ["198.18.77.2", "fd00:77::2"];

rootTest("discoverGateway() resolves a neighbour, follows routes, and gives up", async (t) => {
  await using router = await Namespace.create(`weir-gw-${Deno.pid}`);
  using veth = new VethPair();
  await run(["ip", "link", "set", veth.peer, "address", MAC, "netns", router.name]);
  await run(["ip", "address", "add", "198.18.77.1/24", "dev", veth.name]);
  await run(["ip", "address", "add", "fd00:77::1/64", "dev", veth.name, "nodad"]);
  await run(["ip", "link", "set", veth.name, "up"]);
  for (const peer of ["198.18.77.2/24", "fd00:77::2/64"]) {
    await router.run(["ip", "address", "add", peer, "dev", veth.peer, "nodad"]);
  }
  await router.run(["ip", "link", "set", veth.peer, "up"]);
  await run(["ip", "route", "add", "198.18.78.0/24", "via", "198.18.77.2"]);

  for (const peer of PEERS) {
    await t.step(`on the link: ${peer}`, async () => {
      const { address, mac } = await discoverGateway(veth.name, parseAddress(peer));
      assert.deepEqual([address.text, formatMac(mac)], [peer, MAC]);
    });
  }
  await t.step("behind a router", async () => {
    const { address, mac } = await discoverGateway(veth.name, parseAddress("198.18.78.9"));
    assert.deepEqual([address.text, formatMac(mac)], ["198.18.77.2", MAC]);
  });
  await t.step("nobody answers", async () => {
    await assert.rejects(discoverGateway(veth.name, parseAddress("198.18.77.3")), {
      message: `Cannot find the MAC of next hop "198.18.77.3": nobody answered on ` +
        `"${veth.name}" within 1 s; name the MAC with --gateway-mac`,
    });
  });
  await t.step("no default route by this interface", async () => {
    await assert.rejects(discoverGateway(veth.name, null), {
      message: /^Cannot find a route to "default": there is none by "wa/,
    });
  });
});
