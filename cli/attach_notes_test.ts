import { deepEqual, match } from "node:assert/strict";
import { FakeHost } from "../tests/cli/fake_host.ts";
import { attachNotes } from "./attach_notes.ts";

async function attachment(pathMtu = 0) {
  return await new FakeHost().attach({
    ...{ balancer: "main", ifname: "eth0", config: { pathMtu }, features: [] },
    ...{ towards: null, replace: false, chain: null },
  });
}

const LINK = { up: true, carrier: true, mtu: 1520, kind: null, hops: [], neighbours: [] };

Deno.test("attachNotes() says which packets find no room for the outer header", async () => {
  const main = await attachment();
  deepEqual(attachNotes(main, LINK, []), []);
  deepEqual(attachNotes(main, LINK, [4]), []);
  match(attachNotes(main, LINK, [4, 6]).join(), /above 1480 bytes are lost.*--path-mtu 1520$/);
  match(attachNotes(main, { ...LINK, mtu: 1500 }, []).join(), /above 1480 bytes.*takes 20;/);
  deepEqual(attachNotes(await attachment(1500), { ...LINK, mtu: 1500 }, [6]), []);
});

Deno.test("attachNotes() knows veths and interfaces that are down", async () => {
  const main = await attachment();
  match(attachNotes(main, { ...LINK, kind: "veth" }, []).join(), /^eth0 is a veth/);
  deepEqual(attachNotes({ ...main, mode: "generic" }, { ...LINK, kind: "veth" }, []), []);
  match(attachNotes(main, { ...LINK, up: false }, []).join(), /^Interface eth0 is down/);
  deepEqual(attachNotes(main, null, []), []);
});
