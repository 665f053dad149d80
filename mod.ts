/**
 * weir as a library: from what is wanted to the writes that bring it about, on a balancer in the kernel
 * (`KernelDataplane`) or in memory (`FakeDataplane`).
 *
 * ```ts
 * import { equal } from "node:assert/strict";
 * import { FakeDataplane, parseConfig, planDesired, planOptions } from "./mod.ts";
 *
 * const file = parseConfig(
 *   "vips: [{ address: 198.51.100.10, port: 80, protocol: tcp, reals: [10.0.0.1, 10.0.0.2] }]",
 *   "weir.yaml",
 * );
 * if (!file.ok) throw new Error(file.errors[0]?.message);
 *
 * // On a host: using dataplane = KernelDataplane.open("main");
 * using dataplane = new FakeDataplane();
 * const rings = (vip: number) => dataplane.readRing(vip);
 * const plan = () =>
 *   planDesired(dataplane.readState(), rings, file.config.desired, planOptions(dataplane));
 * for (const write of plan().writes) dataplane.write(write);
 *
 * equal(dataplane.readState().vips.get(0)?.members.size, 2);
 * equal(plan().writes.length, 0);
 * ```
 *
 * @module
 */
export * from "./core/addr/mod.ts";
export * from "./core/config/mod.ts";
export * from "./core/dataplane.ts";
export * from "./core/fake_dataplane.ts";
export * from "./core/metrics/mod.ts";
export * from "./core/plan/mod.ts";
export * from "./core/ring/mod.ts";
export * from "./core/state/mod.ts";
export * from "./ffi/attach.ts";
export * from "./ffi/decap.ts";
export { type BalancerSettings, defaultSettings } from "./ffi/default_settings.ts";
export { DataplaneError } from "./ffi/errors.ts";
export { KernelDataplane } from "./ffi/kernel_dataplane.ts";
export { upgradeBalancer, type UpgradeOptions } from "./ffi/upgrade.ts";
