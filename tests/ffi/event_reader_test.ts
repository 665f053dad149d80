import assert from "node:assert/strict";
import { packet } from "../../core/packet/build.ts";
import { EventKind } from "../../ffi/abi.gen.ts";
import { defaultSettings } from "../../ffi/default_settings.ts";
import { EventReader } from "../../ffi/event_reader.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { loadBalancer, PROGRAM } from "../../ffi/load_balancer.ts";
import { BalancerSetup } from "../support/balancer_setup.ts";
import { bpfObject } from "../support/bpf_objects.ts";
import { rootTest } from "../support/root_test.ts";

const UNKNOWN = packet().ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
  .ipv4({ source: "192.0.2.1", destination: "198.51.100.1" })
  .tcp({ sourcePort: 40000, destinationPort: 80 }).payload(new Uint8Array(200)).bytes();

rootTest("EventReader reads what the program emits, while it is told to", async () => {
  using object = loadBalancer({
    object: await bpfObject("lb"),
    settings: defaultSettings({ events: 1 }),
    capacity: { maxVips: 4, maxReals: 4, maxFlows: 64 },
    host: {
      gateway_mac: new Uint8Array(6),
      gue_source_v4: new Uint8Array(4),
      gue_source_v6: new Uint8Array(16),
    },
  });
  using dataplane = new KernelDataplane((name) => object.map(name));
  const setup = new BalancerSetup(dataplane);
  const vip = {
    address: "198.51.100.1",
    port: 80,
    protocol: "tcp",
    affinity: "always",
  } as const;
  setup.addVip(vip);
  setup.setWeight(setup.key(vip), "10.0.0.1", 1);
  setup.commit();
  using program = object.program(PROGRAM);
  const send = (mark: number) => program.testRun({ data: UNKNOWN.with(34, mark) });
  using map = object.map("events");
  using reader = new EventReader(map);
  send(0);
  assert.deepEqual(reader.read(), [], "nobody asked for events");
  dataplane.maps.host.set({ events_on: 1 });
  send(1);
  dataplane.maps.host.set({ events_on: 0 });
  send(2);
  const [event, ...others] = reader.read();
  assert.equal(others.length, 0);
  assert.equal(event?.kind, EventKind.EVENT_UNKNOWN_FLOW);
  assert.equal(event.frameBytes, UNKNOWN.length);
  assert.equal(event.bytes.toHex(), UNKNOWN.with(34, 1).subarray(0, 128).toHex());
  assert.equal(reader.lost, 0n);
});
