/**
 * Every feature alone, and all without one: the verifier takes the load balancer in any dress. What
 * it takes with nothing and everything on is in tests/vm/load_test.ts, for all kernels.
 */
import assert from "node:assert/strict";
import { type BalancerSettings, defaultSettings } from "../../ffi/default_settings.ts";
import { PacketRun } from "../support/packet_run.ts";
import { rootTest } from "../support/root_test.ts";

/** A program may walk a million; what is left is for kernels to come. */
const BUDGET = 400_000;
/** The first kernel that walks as much as those behind it. */
const COUNTED_FROM = [6, 6] as const;

type Change = Partial<BalancerSettings>;

const defaults = defaultSettings();

/** A feature in the other position, as far as settings that are switches or limits have one. */
function turned(name: string, value: unknown): Change | null {
  if (name === "path_mtu") return { path_mtu: 1500 };
  if (name === "quic_lb_id_length") {
    return { quic: 1, quic_lb_id_length: new Uint8Array(8).fill(4) };
  }
  if (value !== 0 && value !== 1) return null;
  return { [name]: 1 - value };
}

const features = Object.entries(defaults).flatMap(([name, value]) => {
  const change = turned(name, value);
  return change === null ? [] : [{ name, change }];
});
const everything: Change = Object.assign({}, ...features.map(({ change }) => change));

rootTest("the load balancer loads with each feature alone", async (t) => {
  for (const { name, change } of features) {
    await t.step(name, async () => await assertLoads({ ...defaults, ...change }));
  }
});

rootTest("the load balancer loads with all features but one", async (t) => {
  for (const { name } of features) {
    const without = Object.fromEntries(Object.entries(defaults).filter(([key]) => key === name));
    await t.step(name, async () => await assertLoads({ ...defaults, ...everything, ...without }));
  }
});

rootTest("the load balancer loads for every kind of ping", async () => {
  for (const echo of [0, 1, 2]) await assertLoads({ ...defaults, ...everything, echo });
});

async function assertLoads(settings: Change): Promise<void> {
  using run = await PacketRun.load({ settings });
  const walked = run.program.info().verified_insns;
  if (!isCounted()) return;
  assert.ok(walked > 0 && walked <= BUDGET, `walked ${walked} instructions`);
}

function isCounted(): boolean {
  const [major = 0, minor = 0] = Deno.osRelease().split(".").map(Number);
  const [wantedMajor, wantedMinor] = COUNTED_FROM;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
