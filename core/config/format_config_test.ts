import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { addressFromBytes } from "../addr/address_from_bytes.ts";
import type { Address } from "../addr/types.ts";
import { FakeDataplane } from "../fake_dataplane.ts";
import { address, applyOn, planOn, vip, wish } from "../plan/test_support.ts";
import { desiredOf } from "../state/desired_of.ts";
import { NO_TABLES } from "../state/tables.ts";
import type { Desired, DesiredMember, RealConfig } from "../state/types.ts";
import { AFFINITIES, DECAP_ACTIONS, ENCAPS, MEMBER_STATES, RING_HASHES } from "../state/words.ts";
import { formatConfig } from "./format_config.ts";
import { parseConfig } from "./parse_config.ts";

const NO_SETTINGS = {};

function read(text: string) {
  const result = parseConfig(text, "weir.yaml");
  if (!result.ok) throw new Error(`${JSON.stringify(result.errors)}\n${text}`);
  return result.config;
}

Deno.test("formatConfig() writes the short form wherever that says all", () => {
  const desired: Desired = {
    vips: [
      vip("198.51.100.10:80", ["10.0.0.1", {
        real: { address: address("10.0.0.2"), name: "web2", local: false, encap: "gue" },
        weight: 3,
        state: "drained",
      }], { name: "www", flags: ["dport-hash"] }),
    ],
  };
  const balancer = { mode: "native", maxVips: 4 } as const;
  equal(
    formatConfig({ balancer, desired }),
    `balancer:
  mode: native
  max-vips: 4
reals:
  web2: { address: 10.0.0.2, encap: gue }
vips:
  - name: www
    address: 198.51.100.10
    port: 80
    protocol: tcp
    flags:
      - dport-hash
    reals:
      - 10.0.0.1
      - { real: web2, weight: 3, state: drained }
`,
  );
});

const names = fc.oneof(
  fc.constantFrom("", "web", "web", "yes", "~", "10.0.0.2", "7", "constructor", "__proto__", "<<"),
  fc.string({ maxLength: 15 }).filter((text) => /^[^\p{Cc}\p{Cs}]*$/u.test(text)),
);
const addresses: fc.Arbitrary<Address> = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 9 }))
  .map(([six, last]) => {
    const bytes = new Uint8Array(six ? 16 : 4);
    bytes[0] = six ? 0xfc : 10;
    bytes[bytes.length - 1] = last;
    return addressFromBytes(six ? 6 : 4, bytes);
  });
const configs: fc.Arbitrary<RealConfig> = fc.record({
  address: addresses,
  name: names,
  local: fc.boolean(),
  encap: fc.constantFrom(null, ...ENCAPS),
});
const wishes: fc.Arbitrary<Desired> = fc.record({
  reals: fc.uniqueArray(configs, { selector: (real) => real.address.text, maxLength: 6 }),
  vips: fc.uniqueArray(
    fc.record({
      port: fc.nat(3),
      name: names,
      affinity: fc.constantFrom(...AFFINITIES),
      encap: fc.constantFrom(...ENCAPS),
      ringHash: fc.constantFrom(...RING_HASHES),
      flags: fc.subarray(["no-source-port", "dport-hash", "local"] as const),
      weights: fc.array(fc.nat(3), { minLength: 6, maxLength: 6 }),
      states: fc.array(fc.constantFrom(...MEMBER_STATES), { minLength: 6, maxLength: 6 }),
      taken: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    }),
    { selector: ({ port }) => port, maxLength: 3 },
  ),
  ids: fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { maxLength: 6 }),
}).map(({ reals, vips, ids }) => ({
  tables: {
    servers: reals.flatMap((real, i) => ids[i] === undefined ? [] : [{ id: ids[i], real }]),
    sources: reals.slice(0, ids.length).map((real, i) => ({
      prefix: { address: addressFromBytes(4, Uint8Array.of(192, i, 0, 0)), prefixLength: 16 },
      real,
    })),
    destinations: reals.slice(ids.length).map(({ address }, i) => ({
      address,
      action: DECAP_ACTIONS[i % 3] ?? "pass",
    })),
  },
  vips: vips.map(({ port, weights, states, taken, ...config }) => {
    const members = reals.flatMap((real, i): DesiredMember[] =>
      taken[i] ? [{ real, weight: weights[i] ?? 1, state: states[i] ?? "up" }] : []
    );
    return vip(`198.51.100.10:${port}`, members, config);
  }),
}));

Deno.test("applying an exported balancer writes nothing, whatever it holds", () => {
  fc.assert(
    fc.property(wishes, (desired) => {
      const fake = new FakeDataplane();
      applyOn(fake, desired);
      const exported = formatConfig({
        balancer: NO_SETTINGS,
        desired: desiredOf(fake.readState()),
      });
      const plan = planOn(fake, read(exported).desired);
      deepEqual([plan.changes, plan.writes], [[], []], exported);
    }),
    { numRuns: 60 },
  );
});

Deno.test("an exported balancer applied to an empty one gives the same", () => {
  fc.assert(
    fc.property(wishes, (desired) => {
      const [first, second] = [new FakeDataplane(), new FakeDataplane()];
      applyOn(first, desired);
      const exported = (fake: FakeDataplane) =>
        formatConfig({ balancer: NO_SETTINGS, desired: desiredOf(fake.readState()) });
      applyOn(second, read(exported(first)).desired);
      equal(exported(second), exported(first));
    }),
    { numRuns: 60 },
  );
});

Deno.test("formatConfig() writes a balancer without VIPs", () => {
  deepEqual(read(formatConfig({ balancer: NO_SETTINGS, desired: wish() })).desired, {
    vips: [],
    tables: NO_TABLES,
  });
});
