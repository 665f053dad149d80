import assert from "node:assert/strict";
import fc from "fast-check";
import { addressFromBytes } from "../addr/address_from_bytes.ts";
import { parseAddress } from "../addr/parse_address.ts";
import type { Address } from "../addr/types.ts";
import type { VipTableRow } from "../dataplane.ts";
import type { Protocol } from "./types.ts";
import { vipTable, type VipTableBucket, vipTableChoices, type VipTableEntry } from "./vip_table.ts";

const addresses = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => addressFromBytes(4, bytes)),
  fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => addressFromBytes(6, bytes)),
);
const sets = fc.uniqueArray(
  fc.record({
    address: addresses,
    port: fc.integer({ min: 0, max: 65535 }),
    protocol: fc.constantFrom<Protocol>("tcp", "udp"),
  }),
  {
    maxLength: 128,
    selector: ({ address, port, protocol }) => `${address.text} ${port} ${protocol}`,
  },
).map((keys) => keys.map(({ address, port, protocol }, i) => row(address, port, protocol, i)));

Deno.test("vipTable() holds every VIP and every address where the data plane looks", () => {
  fc.assert(fc.property(sets, (rows) => {
    const table = vipTable(rows, 256);
    for (const vip of rows) {
      const { address, port, protocol } = vip.config;
      assert.equal(find(table, { address, port, protocol })?.row, vip);
      assert.equal(find(table, { address, port: 0, protocol: null })?.row, null);
    }
    const found = table.reduce((sum, { entries }) => sum + entries.length, 0);
    assert.equal(found, rows.length + new Set(rows.map((vip) => vip.config.address.text)).size);
    assert.ok(table.every(({ entries }) => entries.length <= 2));
  }));
});

Deno.test("vipTable() says `more` only where a key moved away", () => {
  fc.assert(fc.property(sets, (rows) => {
    const table = vipTable(rows, 256);
    const moved = new Set<number>();
    for (const [i, { entries }] of table.entries()) {
      for (const entry of entries) {
        const { first } = vipTableChoices(entry, 256);
        if (first !== i) moved.add(first);
      }
    }
    table.forEach(({ more }, i) => assert.equal(more, moved.has(i)));
  }));
});

Deno.test("vipTable() depends on the set of VIPs, not on their order", () => {
  fc.assert(
    fc.property(
      sets,
      (rows) => assert.deepEqual(vipTable([...rows].reverse(), 256), vipTable(rows, 256)),
    ),
  );
});

// What people have: many ports of one address, one port of many addresses in a row.
const runs: Readonly<Record<string, (i: number) => VipTableRow>> = {
  "ports of an IPv4 address": (i) => row(mustParse("10.0.0.1"), i + 1, "tcp", i),
  "ports of an IPv6 address": (i) => row(mustParse("fc00::1"), i + 1, "udp", i),
  "IPv4 addresses in a row": (i) => row(mustParse(`10.0.${i >> 8}.${i & 255}`), 443, "tcp", i),
  "IPv6 addresses in a row": (i) => row(mustParse(`fc00::${i.toString(16)}`), 443, "tcp", i),
  "IPv6 prefixes in a row": (i) => row(mustParse(`fc00:${i.toString(16)}::1`), 443, "tcp", i),
};
for (const [name, make] of Object.entries(runs)) {
  Deno.test(`vipTable() holds 1024 ${name} in 2048 buckets, most in their first choice`, () => {
    const rows = Array.from({ length: 1024 }, (_, i) => make(i));
    const table = vipTable(rows, 2048);
    assert.ok(rows.every((vip) => find(table, vip.config)?.row === vip));
    assert.ok(table.filter(({ more }) => more).length < 2048 / 8);
  });
}

Deno.test("vipTable() finds places by moving entries until the table is nearly full", () => {
  const rows = Array.from({ length: 105 }, (_, i) => row(mustParse("10.0.0.1"), i + 1, "tcp", i));
  const table = vipTable(rows, 64);
  assert.ok(rows.every((vip) => find(table, vip.config)?.row === vip));
});

Deno.test("vipTable() leaves prefixes out", () => {
  const prefix = row(mustParse("10.0.0.0"), 80, "tcp", 0);
  const rows = [{ ...prefix, config: { ...prefix.config, prefixLength: 8 } }];
  assert.ok(vipTable(rows, 4).every(({ entries }) => entries.length === 0));
});

Deno.test("vipTable() refuses more VIPs than it has room for", () => {
  const rows = Array.from({ length: 8 }, (_, i) => row(mustParse("10.0.0.1"), i + 1, "tcp", i));
  assert.throws(() => vipTable(rows, 4), /Cannot build a VIP table of 4 buckets: "10.0.0.1"/);
});

Deno.test("vipTable() refuses a VIP that is there twice", () => {
  const vip = row(mustParse("10.0.0.1"), 80, "tcp", 0);
  assert.throws(() => vipTable([vip, { ...vip, index: 1 }], 4), /"10.0.0.1 tcp 80" twice/);
});

/** As vip_table_find in bpf/vip.h. */
function find(
  table: readonly VipTableBucket[],
  key: Omit<VipTableEntry, "row">,
): VipTableEntry | undefined {
  const { first, second } = vipTableChoices(key, table.length);
  const matches = (entry: VipTableEntry) =>
    entry.address.text === key.address.text && entry.port === key.port &&
    entry.protocol === key.protocol;
  const bucket = table[first];
  return bucket?.entries.find(matches) ??
    (bucket?.more ? table[second]?.entries.find(matches) : undefined);
}

function row(address: Address, port: number, protocol: Protocol, index: number): VipTableRow {
  const config = {
    address,
    prefixLength: address.family === 4 ? 32 : 128,
    port,
    protocol,
    name: "",
    flags: [],
    affinity: "default",
    encap: "ipip",
    ringHash: "maglev-v2",
  } as const;
  return { index, config };
}

function mustParse(text: string): Address {
  const address = parseAddress(text);
  assert.ok(address);
  return address;
}
