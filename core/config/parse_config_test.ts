import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { parseConfig } from "./parse_config.ts";

/** Errors as `line:column message`, one per line. */
function errorsOf(text: string): string {
  const result = parseConfig(text, "weir.yaml");
  if (result.ok) return "";
  ok(result.errors.every(({ file }) => file === "weir.yaml"));
  return result.errors.map(({ line, column, message }) => `${line}:${column} ${message}`).join(
    "\n",
  );
}

function configOf(text: string) {
  const result = parseConfig(text, "weir.yaml");
  if (!result.ok) throw new Error(errorsOf(text));
  return result.config;
}

Deno.test("parseConfig() reads the form with every kind of real", () => {
  const { balancer, desired } = configOf(`
balancer: { gateway-mac: auto, mode: generic, max-vips: 4 }
defaults: { affinity: always, ring: maglev-v1 }
reals:
  web1: { address: 10.0.0.1, encap: gue, local: true }
  mail: { address: 10.0.0.9 }
vips:
  - name: www
    address: 198.51.100.0/24
    port: any
    protocol: tcp
    flags: [no-source-port, dport-hash, no-source-port]
    encap: gue
    reals:
      - web1
      - 10.0.0.2
      - { address: "FC00::1", weight: 3, state: drained }
      - { real: mail, weight: 2 }
`);
  deepEqual(balancer, { gatewayMac: "auto", mode: "generic", maxVips: 4 });
  equal(desired.vips.length, 1);
  const [vip] = desired.vips;
  deepEqual({ ...vip?.config, address: vip?.config.address.text }, {
    name: "www",
    address: "198.51.100.0",
    prefixLength: 24,
    port: 0,
    protocol: "tcp",
    flags: ["dport-hash", "no-source-port"],
    affinity: "always",
    encap: "gue",
    ringHash: "maglev-v1",
  });
  const members = vip?.members.map(({ real, weight, state }) => [
    real.address.text,
    real.name,
    real.local,
    real.encap,
    weight,
    state,
  ]);
  deepEqual(members, [
    ["10.0.0.1", "web1", true, "gue", 1, null],
    ["10.0.0.2", "", false, null, 1, null],
    ["fc00::1", "", false, null, 3, "drained"],
    ["10.0.0.9", "mail", false, null, 2, null],
  ]);
});

Deno.test("parseConfig() gives an address the settings of the real that has it", () => {
  const { desired } = configOf(`
reals: { web1: { address: 10.0.0.1, encap: gue } }
vips: [{ address: 192.0.2.1, port: 80, protocol: tcp, reals: [{ address: 10.0.0.1 }] }]`);
  equal(desired.vips[0]?.members[0]?.real.name, "web1");
});

Deno.test("parseConfig() defaults to maglev-v2, ipip and remembering exceptions", () => {
  const { desired } = configOf("vips: [{ address: 192.0.2.1, port: 80, protocol: udp }]");
  const config = desired.vips[0]?.config;
  deepEqual([config?.ringHash, config?.encap, config?.affinity], ["maglev-v2", "ipip", "default"]);
});

Deno.test("parseConfig() reads tables, with reals by name and by address", () => {
  const { desired } = configOf(`
balancer: { decap: { ipip: true, destinations: [{ address: 172.31.0.1 }] } }
reals: { web1: { address: 10.0.0.1, encap: gue } }
servers: [{ id: 1023, real: web1 }, { id: 4294967295, real: "fc00::1" }]
sources: [{ prefix: 192.0.2.0/24, real: 10.0.0.1 }]
vips: []`);
  const { servers = [], sources = [], destinations = [] } = desired.tables ?? {};
  deepEqual(servers.map(({ id, real }) => [id, real.address.text, real.encap]), [
    [1023, "10.0.0.1", "gue"],
    [4294967295, "fc00::1", null],
  ]);
  deepEqual(sources.map(({ real }) => real.name), ["web1"]);
  deepEqual(destinations.map(({ address, action }) => [address.text, action]), [
    ["172.31.0.1", "balance"],
  ]);
});

Deno.test("parseConfig() finds several errors at once, in the order of the text", () => {
  equal(
    errorsOf(`balancer: { gateway-mac: atuo, mod: native }
defaults: { affinity: defualt }
reals: { web1: { address: 10.0.0.0/8 } }
vips:
  - name: www
    adress: 198.51.100.10
    port: 70000
    protocol: icmp
    flags: [no-source-prot, 3]
    reals:
      - { address: 10.0.0.1, weight: 70000 }
      - { address: 10.0.0.1, weight: 1.5 }
      - 12
  - 5
`),
    [
      '1:26 Expected auto or the MAC address of one interface but found "atuo"',
      '1:32 Unknown key "mod" in the balancer; did you mean "mode"?',
      '2:23 Expected an affinity but found "defualt"; did you mean "default"?',
      '3:27 Expected the address of a real (no mask, not all zero) but found "10.0.0.0/8"',
      '5:5 Missing key "address"',
      '6:5 Unknown key "adress" in a VIP; did you mean "address"?',
      '7:11 Expected a port from 0 to 65535 or any but found "70000"',
      '8:15 Expected a protocol (tcp, udp) but found "icmp"',
      '9:13 Expected a VIP flag but found "no-source-prot"; did you mean "no-source-port"?',
      "9:29 Expected a VIP flag (no-source-port, quic, dport-hash, source-routing, local, " +
      'global-flows, hash-src-dst-port, udp-stable, udp-migration, tcp-server-id) but found "3"',
      '11:38 Expected a weight from 0 to 65535 but found "70000"',
      '12:38 Expected a weight from 0 to 65535 but found "1.5"',
      '13:9 Expected a real of a VIP, a mapping, but found "12"',
      '14:5 Expected a VIP, a mapping, but found "5"',
    ].join("\n"),
  );
});

const resolved: readonly (readonly [string, string, string])[] = [
  [
    "a VIP given twice, in two spellings",
    `vips:
  - { address: "fc00::1", port: 0, protocol: tcp }
  - { address: "FC00:0::1", port: any, protocol: tcp }`,
    '3:5 VIP "tcp [fc00::1]:any" is given twice, first in line 2',
  ],
  [
    "a real given twice in a VIP",
    `reals: { web1: { address: 10.0.0.1 } }
vips:
  - { address: 192.0.2.1, port: 80, protocol: tcp, reals: [web1, 10.0.0.1] }`,
    '3:66 Real "10.0.0.1" is given twice, first in line 3',
  ],
  [
    "two names for one address",
    `reals:
  web1: { address: 10.0.0.1 }
  web2: { address: 10.0.0.1 }
vips: []`,
    '3:3 Real "web2" has the address "10.0.0.1" of real "web1"',
  ],
  [
    "a name that no real has",
    `reals: { web1: { address: 10.0.0.1 } }
vips: [{ address: 192.0.2.1, port: 80, protocol: tcp, reals: [wbe1] }]`,
    '2:63 No real is called "wbe1"; did you mean "web1"?',
  ],
  [
    "a mask on a bare real",
    `vips: [{ address: 192.0.2.1, port: 80, protocol: tcp, reals: [10.0.0.0/24] }]`,
    '1:63 Expected the name or address of a real but found "10.0.0.0/24"',
  ],
  [
    "a real with neither address nor name",
    `vips: [{ address: 192.0.2.1, port: 80, protocol: tcp, reals: [{ weight: 1 }] }]`,
    "1:63 Expected either the address of a real or the name of one (real)",
  ],
  [
    "a flag of the other protocol",
    `vips: [{ address: 192.0.2.1, port: 80, protocol: tcp, flags: [quic] }]`,
    '1:63 Flag "quic" needs protocol udp',
  ],
  [
    "host bits in a prefix",
    `vips: [{ address: 192.0.2.1/24, port: 80, protocol: tcp }]`,
    '1:19 Expected an address or a prefix without host bits but found "192.0.2.1/24"',
  ],
  [
    "a server id given twice",
    `servers: [{ id: 7, real: 10.0.0.1 }, { id: 7, real: 10.0.0.2 }]
vips: []`,
    '1:38 Server id "7" is given twice, first in line 1',
  ],
  [
    "a source given twice, and a real that nothing names",
    `sources: [{ prefix: 10.0.0.0/8, real: web1 }, { prefix: 10.0.0.0/8, real: 10.0.0.2 }]
vips: []`,
    '1:39 No real is called "web1"\n' +
    '1:47 Source "10.0.0.0/8" is given twice, first in line 1',
  ],
  [
    "a server id of 0",
    "servers: [{ id: 0, real: 10.0.0.1 }]\nvips: []",
    '1:17 Expected a server id from 1 to 4294967295 but found "0"',
  ],
  [
    "a decapsulation destination that the data plane would take for IPv4",
    `balancer: { decap: { destinations: [{ address: "fd00::", action: balanse }] } }
vips: []`,
    '1:48 Expected an address (IPv6: not all of the last 12 bytes zero) but found "fd00::"\n' +
    '1:66 Expected an action but found "balanse"; did you mean "balance"?',
  ],
  ["an empty file", "", "1:1 Expected the configuration, a mapping, but found nothing"],
  ["no VIPs", "balancer: {}", '1:1 Missing key "vips"'],
  ["broken YAML", "vips:\n\t- x", "2:1 Tabs are not allowed as indentation"],
  [
    "an alias without an anchor",
    "vips: *x",
    "1:1 Unresolved alias (the anchor must be set before the alias): x",
  ],
  ["two documents", "vips: []\n---\nvips: []", "2:1 Expected one document"],
  ["a key given twice", "vips: []\nvips: []", "2:1 Map keys must be unique"],
];

for (const [name, text, expected] of resolved) {
  Deno.test(`parseConfig() refuses ${name}`, () => equal(errorsOf(text), expected));
}

Deno.test("parseConfig() refuses aliases that grow beyond measure", () => {
  const nine = (name: string) => `[${Array(9).fill(name).join(", ")}]`;
  const text = `a: &a ${nine("x")}\nb: &b ${nine("*a")}\nc: &c ${nine("*b")}\nd: ${nine("*c")}\n`;
  match(errorsOf(text), /^1:1 Excessive alias count/);
});

Deno.test("parseConfig() refuses what is nested too deeply, once", () => {
  match(errorsOf("[".repeat(20_000)), /^1:\d+ Nested too deeply$/);
});

Deno.test("parseConfig() never throws, whatever stands in the file", () => {
  const words = fc.constantFrom(
    ..."vips: reals: - { } [ ] address: 10.0.0.1 port: any tcp *x &x <<: | > ? ! \n   - 80 null ~ 1e9 ''"
      .split(" "),
    "\n",
    "  ",
    "protocol: tcp",
    "balancer:",
    "defaults:",
  );
  fc.assert(fc.property(fc.array(words, { maxLength: 30 }), (parts) => {
    const result = parseConfig(parts.join(" "), "weir.yaml");
    ok(result.ok || result.errors.length > 0);
    if (!result.ok) ok(result.errors.every(({ line, column }) => line >= 1 && column >= 1));
  }));
  fc.assert(fc.property(fc.string(), (text) => void parseConfig(text, "weir.yaml")));
});
