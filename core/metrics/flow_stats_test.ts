import { deepEqual } from "node:assert/strict";
import { FakeDataplane } from "../fake_dataplane.ts";
import { applyOn, flow, member, vip, wish } from "../plan/test_support.ts";
import { flowStats } from "./flow_stats.ts";

Deno.test("flowStats() counts by VIP, by age, and what no packet follows any more", () => {
  const fake = new FakeDataplane();
  const www = vip("198.51.100.1:80", ["10.0.0.1", member("10.0.0.2", 1, "down")], { name: "www" });
  applyOn(fake, wish(www));
  // Real 2 is down, real 9 is unknown, VIP 5 is deleted.
  const flows = [
    flow(fake, 0, 1, 1),
    flow(fake, 0, 2, 30),
    flow(fake, 0, 9, 60),
    flow(fake, 5, 1, 61),
  ];
  const ageOf = ({ sourcePort }: { readonly sourcePort: number }) => sourcePort;
  deepEqual(flowStats(fake.readState(), flows, ageOf), {
    vips: [
      { vip: "#5", name: "", total: 1, stale: 1, recent: 0, quiet: 0, old: 1 },
      { vip: "tcp 198.51.100.1:80", name: "www", total: 3, stale: 2, recent: 1, quiet: 2, old: 0 },
    ],
    total: 4,
    capacity: 65536,
  });
});
