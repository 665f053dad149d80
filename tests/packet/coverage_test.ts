/**
 * Every counter and every drop reason is hit by at least one row of the tables. The rows say what
 * moves, and the tests that run them hold them to it: here only names are compared.
 */
import assert from "node:assert/strict";
import {
  Counters,
  DecapCounters,
  DropReason,
  ProbeCounters,
  VipTraffic,
} from "../../ffi/abi.gen.ts";
import type { Layout } from "../../ffi/layout.ts";
import { countersOf } from "./table.ts";
import { DECAP_ROWS } from "./tables/decap_program.ts";
import { GATES } from "./tables/gates.ts";
import { TABLES } from "./tables/mod.ts";
import { PROBE_ROWS } from "./tables/probe_program.ts";

/** What no packet can provoke, with the reason. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  "drops.encap_failed": "a driver must leave less than 48 bytes of headroom; test runs have 256",
  "decap.failed": "the kernel refuses to move the head only of frames shorter than those parsed",
};

const gates = GATES.flatMap(({ passed, gated }) =>
  [4, 6].flatMap((family) => [passed.replace("{v}", `v${family}`), gated])
);
const hit = new Set([
  ...TABLES.flatMap(({ rows }) => rows.flatMap(countersOf)),
  ...gates,
  ...DECAP_ROWS.flatMap(({ counters }) => counters.split(" ").map((name) => `decap.${name}`)),
  ...PROBE_ROWS.map(({ counter }) => `probe.${counter}`),
]);

/** Names of a struct's counters, `sent.packets` for nested ones; drop reasons are apart. */
function countersIn<T>(layout: Layout<T>, prefix = ""): readonly string[] {
  const fields = layout.fields.filter(({ type, name }) => type !== "pad" && name !== "drops");
  return fields.flatMap(({ name, type }) =>
    typeof type === "object" ? countersIn(type, `${prefix}${name}.`) : `${prefix}${name}`
  );
}

const reasons = Object.keys(DropReason)
  .filter((name) => name !== "DROP_NONE" && name !== "DROP_REASONS")
  .map((name) => name.replace("DROP_", "drops.").toLowerCase());
const traffic = ["packets", "bytes"];
const groups: Readonly<Record<string, readonly string[]>> = {
  "drop reason": reasons,
  "counter of the load balancer": countersIn(Counters),
  "counter of a VIP": countersIn(VipTraffic, "vip.").filter((name) =>
    !traffic.some((each) => name === `vip.${each}`)
  ),
  "counter of the program on reals": countersIn(DecapCounters, "decap."),
  "counter of health checks": countersIn(ProbeCounters, "probe."),
};

for (const [what, names] of Object.entries(groups)) {
  Deno.test(`every ${what} is hit by a row`, () => {
    const missing = names.filter((name) => !hit.has(name) && UNREACHABLE[name] === undefined);
    assert.deepEqual(missing, []);
    assert.ok(names.length > 1);
  });
}

Deno.test("every counter that a row names is there", () => {
  const all = new Set(Object.values(groups).flat());
  assert.deepEqual([...hit].filter((name) => !all.has(name)), []);
});

Deno.test("what is said to be out of reach is not hit", () => {
  const all = new Set(Object.values(groups).flat());
  assert.deepEqual(Object.keys(UNREACHABLE).filter((name) => hit.has(name) || !all.has(name)), []);
});
