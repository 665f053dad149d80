import { deepEqual } from "node:assert/strict";
import type { Write } from "../dataplane.ts";
import { FakeDataplane } from "../fake_dataplane.ts";
import { parseVipEndpoint } from "../state/vip_key.ts";
import { emptiedBy } from "./emptied_by.ts";

function stateWithTwoReals() {
  const capacity = { maxVips: 4, maxReals: 8, maxFlows: 16 };
  const dataplane = new FakeDataplane({ balancer: "main", ifname: "eth0", capacity });
  const endpoint = parseVipEndpoint("198.51.100.10:80");
  if (endpoint === null) throw new Error("No endpoint");
  const config = {
    ...{ ...endpoint, protocol: "tcp", name: "", flags: [], affinity: "default" } as const,
    ...{ encap: "ipip", ringHash: "maglev-v2" } as const,
  };
  dataplane.write({ op: "vip-info", vip: 0, config });
  dataplane.write({ op: "member", vip: 0, real: 1, member: { weight: 1, state: "up" } });
  dataplane.write({ op: "member", vip: 0, real: 2, member: { weight: 1, state: "drained" } });
  return dataplane.readState();
}

const VIP = "tcp 198.51.100.10:80";
const set = (real: number, state: "up" | "down", weight = 1): Write => ({
  ...{ op: "member", vip: 0, real, member: { weight, state } },
});

Deno.test("emptiedBy() names VIPs that lose their last real that takes new flows", () => {
  const state = stateWithTwoReals();
  deepEqual(emptiedBy(state, []), []);
  deepEqual(emptiedBy(state, [set(1, "down")]), [VIP]);
  deepEqual(emptiedBy(state, [set(1, "up", 0)]), [VIP]);
  deepEqual(emptiedBy(state, [{ op: "member", vip: 0, real: 1, member: null }]), [VIP]);
  deepEqual(emptiedBy(state, [set(1, "down"), set(2, "up")]), []);
  deepEqual(emptiedBy(state, [set(1, "down"), { op: "vip-info", vip: 0, config: null }]), []);
});
