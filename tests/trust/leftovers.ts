/** What checks could leave behind. Only names of this process: others may test at the same time. */
export interface Leftovers {
  readonly pins: readonly string[];
  readonly namespaces: readonly string[];
  readonly interfaces: readonly string[];
  readonly descriptors: number;
}

/** Looks for what the checks of this process left. */
export function leftovers(): Leftovers {
  const named = (path: string, pattern: RegExp) => list(path).filter((name) => pattern.test(name));
  return {
    pins: named("/sys/fs/bpf/weir", new RegExp(`-${Deno.pid}$`)),
    namespaces: named("/run/netns", /^weir-tru-/),
    interfaces: named("/sys/class/net", new RegExp(`^w[ab]${Deno.pid % 100_000}x`)),
    descriptors: list("/proc/self/fd").filter((name) => /bpf|btf/.test(target(name))).length,
  };
}

function list(path: string): readonly string[] {
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

function target(descriptor: string): string {
  try {
    return Deno.readLinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // The descriptor of the directory itself is closed by now.
    return "";
  }
}
