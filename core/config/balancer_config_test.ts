import { deepEqual, ok } from "node:assert/strict";
import { parseConfig } from "./parse_config.ts";
import type { BalancerConfig } from "./types.ts";

Deno.test("balancerConfig() names every setting of the form as its type does", () => {
  const result = parseConfig(
    `
vips: []
balancer:
  gateway-mac: 02:00:00:00:00:01
  mode: native
  max-vips: 1
  max-reals: 2
  max-flows: 3
  echo: any
  too-big: true
  too-big-rate: 4
  conn-rate: 5
  max-frame: 1514
  path-mtu: 1500
  ttl: 6
  gue-port: 7
  tcp-idle: 3600
  udp-idle: 40
  udp-grace: 20
  gue-source-v4: 192.0.2.1
  gue-source-v6: fc00::1
  decap-ipip: true
  decap-gue: false
  compat-katran: true
  features: [cidr, gue]
`,
    "weir.yaml",
  );
  ok(result.ok);
  const { gueSourceV4, gueSourceV6, ...rest } = result.config.balancer;
  deepEqual([gueSourceV4?.text, gueSourceV6?.text], ["192.0.2.1", "fc00::1"]);
  const expected: Required<Omit<BalancerConfig, "gueSourceV4" | "gueSourceV6">> = {
    gatewayMac: "02:00:00:00:00:01",
    mode: "native",
    maxVips: 1,
    maxReals: 2,
    maxFlows: 3,
    echo: "any",
    tooBig: true,
    tooBigRate: 4,
    connRate: 5,
    maxFrame: 1514,
    pathMtu: 1500,
    ttl: 6,
    guePort: 7,
    tcpIdle: 3600,
    udpIdle: 40,
    udpGrace: 20,
    decapIpip: true,
    decapGue: false,
    compatKatran: true,
    features: ["cidr", "gue"],
  };
  deepEqual(rest, expected);
});
