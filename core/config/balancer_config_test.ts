import { deepEqual, match, ok } from "node:assert/strict";
import { balancerForm } from "./balancer_form.ts";
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
  pmtu: { too-big: true, rate: 4, path-mtu: 1500 }
  conn-rate: 5
  max-frame: 1514
  ttl: 6
  tcp-idle: 3600
  udp-idle: 40
  udp-grace: 20
  gue: { port: 7, source-v4: 192.0.2.1, source-v6: fc00::1 }
  ipip: { source-v4: 10.1.0.0/16, source-v6: "100:1::/96" }
  quic: { lb: { 0: 2, 6: 4 } }
  decap: { ipip: true, gue: false, any: false }
  events: true
  compat: katran
  features: [cidr, gue]
`,
    "weir.yaml",
  );
  ok(result.ok);
  const { gueSourceV4, gueSourceV6, ipipSourceV4, ipipSourceV6, ...rest } = result.config.balancer;
  deepEqual([gueSourceV4?.text, gueSourceV6?.text], ["192.0.2.1", "fc00::1"]);
  deepEqual([ipipSourceV4?.address.text, ipipSourceV6?.address.text], ["10.1.0.0", "100:1::"]);
  type Addresses = "gueSourceV4" | "gueSourceV6" | "ipipSourceV4" | "ipipSourceV6";
  const expected: Required<Omit<BalancerConfig, Addresses>> = {
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
    decapAny: false,
    events: true,
    quicLb: { 0: 2, 6: 4 },
    compatKatran: true,
    features: ["cidr", "gue"],
  };
  deepEqual(rest, expected);

  const form = JSON.stringify({ vips: [], balancer: balancerForm(result.config.balancer) });
  deepEqual(parseConfig(form, "weir.yaml"), result, "balancerForm() is the way back");
});

Deno.test("balancerConfig() takes no setting out of its range", () => {
  const mistakes: readonly (readonly [string, RegExp])[] = [
    ["pmtu: { path-mtu: 500 }", /packet size from 576 to 65535, or 0 but found "500"/],
    ["gue: { source-v4: fc00::1 }", /an IPv4 address but found "fc00::1"/],
    ["ipip: { source-v4: 10.1.0.0/24 }", /an IPv4 prefix of 16 bits/],
    ["quic: { lb: { 7: 2 } }", /config id from 0 to 6 but found a mapping/],
    ["quic: { lb: { 1: 5 } }", /server-id lengths from 1 to 4/],
    ["decap: { gre: true }", /Unknown key "gre" in inline decapsulation; did you mean "gue"/],
    ["compat: katan", /did you mean "katran"/],
  ];
  for (const [text, expected] of mistakes) {
    const result = parseConfig(`vips: []\nbalancer: { ${text} }`, "weir.yaml");
    match(result.ok ? "no mistake" : result.errors.map(({ message }) => message).join(), expected);
  }
});
