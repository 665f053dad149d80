import type { Family } from "../addr/types.ts";
import { tablesOf } from "../state/tables.ts";
import type { Desired, DesiredVip, State, VipFlag } from "../state/types.ts";
import { unusableReal, unusableVip } from "../state/unusable_address.ts";
import { vipKeyText } from "../state/vip_key.ts";
import { type Feature, flagProtocol, vipFeatures } from "../state/words.ts";
import { PlanError } from "./plan_error.ts";
import type { PlanOptions } from "./types.ts";

/**
 * Refuses a wish that contradicts itself or asks for what the balancer was attached without.
 *
 * @param state what the kernel holds
 * @param desired what is wanted
 * @param limits what the balancer was attached with; what is undefined is not known, and goes
 * @throws {PlanError} naming the VIP or real and what to do
 */
export function checkDesired(
  state: State,
  desired: Desired,
  { features, gueSources }: Pick<PlanOptions, "features" | "gueSources">,
): void {
  const seen = new Set<string>();
  // What runs already may stay: it must not keep other changes from being made.
  const reals = new Set([...state.reals.values()].map(({ config }) => config.address.text));
  const vips = new Set([...state.vips.values()].map(({ config }) => vipKeyText(config)));
  for (const vip of desired.vips) {
    const key = vipKeyText(vip.config);
    if (seen.has(key)) throw new PlanError(`Cannot plan VIP "${key}": it is given twice`);
    seen.add(key);
    checkFlags(key, vip);
    checkMembers(key, vip);
    checkAddresses(key, vip, { isNew: !vips.has(key), reals });
    if (gueSources !== undefined) checkGueSources(key, vip, desired, gueSources);
    const missing = features && neededFeatures(vip).find((feature) => !features.has(feature));
    if (missing !== undefined) {
      throw new PlanError(
        `Cannot plan VIP "${key}": balancer "${state.balancer}" is attached without "${missing}"`,
        `turn it on with: weir upgrade --feature ${missing}`,
      );
    }
  }
}

/**
 * The features that a VIP and its reals need.
 *
 * @param vip a VIP with its members
 */
export function neededFeatures(vip: DesiredVip): readonly Feature[] {
  const own = vipFeatures(vip.config);
  const gue = vip.members.some(({ real }) => real.encap === "gue") && !own.includes("gue");
  return gue ? [...own, "gue"] : own;
}

function checkFlags(key: string, { config }: DesiredVip): void {
  for (const flag of config.flags) {
    const protocol = flagProtocol(flag);
    if (protocol === null || protocol === config.protocol) continue;
    throw new PlanError(`Cannot plan VIP "${key}": flag "${flag}" needs protocol ${protocol}`);
  }
}

/** Flags of VIPs that look into the table of server ids. */
const ID_FLAGS: ReadonlySet<VipFlag> = new Set(["quic", "udp-stable", "tcp-server-id"]);

/** Kernels drop GUE from 0.0.0.0 or :: as martian: nothing would arrive. */
function checkGueSources(
  key: string,
  { config, members }: DesiredVip,
  desired: Desired,
  gueSources: ReadonlySet<Family>,
): void {
  const { servers, sources } = tablesOf(desired);
  const byId = config.flags.some((flag) => ID_FLAGS.has(flag));
  const bySource = config.flags.includes("source-routing");
  const all = [...members, ...(byId ? servers : []), ...(bySource ? sources : [])];
  const stray = all.find(({ real }) =>
    (real.encap ?? config.encap) === "gue" && !gueSources.has(real.address.family)
  );
  if (stray === undefined) return;
  const { address: { family, text } } = stray.real;
  throw new PlanError(
    `Cannot plan real "${text}" of VIP "${key}": there is no outer IPv${family} source for GUE`,
    `name an address of this host with: weir upgrade --gue-source-v${family} <address>`,
  );
}

function checkAddresses(
  key: string,
  { config, members }: DesiredVip,
  known: { readonly isNew: boolean; readonly reals: ReadonlySet<string> },
): void {
  const why = known.isNew ? unusableVip(config) : null;
  if (why !== null) {
    throw new PlanError(`Cannot plan VIP "${key}": it ${why}`, "no client can reach it");
  }
  for (const { real } of members) {
    const { text } = real.address;
    const why = known.reals.has(text) ? null : unusableReal(real, config);
    if (why === null) continue;
    throw new PlanError(
      `Cannot plan real "${text}" of VIP "${key}": it ${why}`,
      "packets cannot be sent there",
    );
  }
}

function checkMembers(key: string, { members }: DesiredVip): void {
  const seen = new Set<string>();
  for (const { real: { address }, weight } of members) {
    const name = `real "${address.text}" of VIP "${key}"`;
    if (seen.has(address.text)) throw new PlanError(`Cannot plan ${name}: it is given twice`);
    seen.add(address.text);
    if (!Number.isInteger(weight) || weight < 0 || weight > 65535) {
      throw new PlanError(
        `Cannot plan ${name}: expected a weight from 0 to 65535, not "${weight}"`,
      );
    }
  }
}
