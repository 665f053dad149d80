import { check } from "./errors.ts";
import type { KernelFeatures } from "./features.ts";
import { BPF_FUNC_ktime_get_coarse_ns, BPF_PROG_TYPE_XDP } from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";

/**
 * Asks the running kernel what it can do, by loading programs of two instructions.
 *
 * @returns What it can do.
 * @throws {DataplaneError} When libbpf cannot ask.
 */
export function kernelFeatures(): KernelFeatures {
  return { coarseClock: hasHelper(BPF_FUNC_ktime_get_coarse_ns) };
}

function hasHelper(helper: number): boolean {
  const found = libbpf().libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, helper, null);
  return check(found, "ask the kernel for a BPF helper") === 1;
}
