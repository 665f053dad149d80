import type { Machine } from "../../core/bench/report.ts";

/**
 * What this host is, as far as it matters for figures.
 *
 * @param pinnedCpu The CPU that measures.
 */
export function readMachine(pinnedCpu: number): Machine {
  const cpuinfo = read("/proc/cpuinfo") ?? "";
  const jit = read("/proc/sys/net/core/bpf_jit_enable");
  return {
    cpu: /^model name\s*:\s*(.*)$/m.exec(cpuinfo)?.[1] ?? Deno.build.arch,
    cpus: cpuinfo.match(/^processor\s*:/gm)?.length ?? 1,
    pinnedCpu,
    hypervisor: /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo),
    kernel: Deno.osRelease(),
    jit: jit === null ? null : Number(jit),
    memoryMiB: Math.round(Deno.systemMemoryInfo().total / 2 ** 20),
  };
}

function read(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}
