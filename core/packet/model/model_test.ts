import assert from "node:assert/strict";
import { TcpFlag } from "../protocol.ts";
import { counted, fromRouter, modelOf, NOW, real, ring, tables, vip } from "./_test_world.ts";
import { defaultSettings } from "./settings.ts";

const V4 = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const WEB = { sourcePort: 31337, destinationPort: 80 } as const;
const syn = fromRouter().ipv4(V4).tcp({ ...WEB, flags: TcpFlag.syn }).payload("x").bytes();

Deno.test("a forwarded packet counts for VIP and real, by the length in its header", () => {
  const model = modelOf({
    vips: [vip(3, "10.200.1.1:80/tcp", ring(7))],
    reals: new Map([[7, real("10.0.0.7")]]),
  });
  assert.deepEqual(
    model.run(syn, NOW).counters,
    new Map([
      ["ring_picks", 1],
      ["syn_picks", 1],
      ["vip 3 packets", 1],
      ["vip 3 bytes", 41],
      ["vip 3 new_flows", 1],
      ["real 7 packets", 1],
      ["real 7 bytes", 41],
      ["sent.packets", 1],
      ["sent.bytes", 55],
    ]),
  );
});

Deno.test("IPv6 counts without its header, as katran does", () => {
  const model = modelOf({
    vips: [vip(0, "[fc00:1::1]:80/udp", ring(1))],
    reals: new Map([[1, real("fc00::1")]]),
  });
  const frame = fromRouter().ipv6({ source: "fc00:2::1", destination: "fc00:1::1" }).udp(WEB);
  assert.equal(model.run(frame.bytes(), NOW).counters.get("vip 0 bytes"), 8);
});

Deno.test("local delivery passes the packet as it is, counted, where VIP and real are local", () => {
  const local = (vipIs: boolean, realIs: boolean, on: boolean) => {
    const flags = vipIs ? ["local" as const] : [];
    const model = modelOf({
      vips: [vip(0, "10.200.1.1:80/tcp", ring(1), { flags })],
      reals: new Map([[1, real("10.0.0.1", { local: realIs })]]),
    }, { local: on });
    return model.run(syn, NOW);
  };
  const delivered = local(true, true, true);
  assert.equal(delivered.verdict, "passed");
  assert.deepEqual(delivered.frame, syn);
  assert.equal(counted(delivered), "local_delivered ring_picks syn_picks");
  assert.equal(delivered.counters.get("real 1 packets"), 1);
  for (
    const [vipIs, realIs, on] of [[false, true, true], [true, false, true], [true, true, false]]
  ) {
    assert.equal(local(vipIs ?? false, realIs ?? false, on ?? false).verdict, "sent");
  }
});

Deno.test("the received frame is never written to", () => {
  const model = modelOf({
    vips: [vip(0, "10.200.1.1:80/tcp", ring(1))],
    reals: new Map([[1, real("10.0.0.1")]]),
  });
  const ping = fromRouter().ipv4(V4).icmp({ type: 8 }).bytes();
  for (const frame of [syn, ping]) {
    const copy = frame.slice();
    model.run(frame, NOW);
    assert.deepEqual(frame, copy);
  }
});

Deno.test("replaceTables() changes what packets see and keeps the flows", () => {
  const vips = [vip(0, "10.200.1.1:80/tcp", ring(1), { affinity: "always" })];
  const reals = new Map([[1, real("10.0.0.1")]]);
  const model = modelOf({ vips, reals });
  model.run(syn, NOW);
  model.replaceTables(tables({ vips: [], reals }));
  assert.equal(model.run(syn, NOW).verdict, "passed");
  assert.equal([...model.flows()].length, 1);
});

Deno.test("defaultSettings has 30 s in ticks and no feature that needs a flag", () => {
  assert.equal(defaultSettings.udpIdle, 1788);
  const on = Object.entries(defaultSettings).filter(([, value]) => value === true);
  assert.deepEqual(on, []);
});
