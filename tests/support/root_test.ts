import { closeLibraries } from "../../ffi/libbpf/open.ts";

/** Whether this process may load BPF programs. */
export const isRoot = Deno.uid() === 0;

/**
 * A test that needs root: it loads programs or makes namespaces. Without root it counts as ignored.
 * Descriptors that are open after it, and were not before, fail it.
 *
 * @param name What the test shows; without root it says why it is ignored.
 * @param run The test.
 */
export function rootTest(name: string, run: (t: Deno.TestContext) => void | Promise<void>): void {
  Deno.test({
    name: isRoot ? name : `${name} (needs root)`,
    ignore: !isRoot,
    fn: async (t) => {
      const before = openBpfFds();
      try {
        await run(t);
      } finally {
        closeLibraries();
      }
      const leaked = openBpfFds() - before;
      if (leaked !== 0) throw new Error(`Test leaks ${leaked} BPF file descriptors`);
    },
  });
}

/** Maps, programs, links and BTF that this process holds open. */
function openBpfFds(): number {
  let count = 0;
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    try {
      if (/bpf|btf/.test(Deno.readLinkSync(`/proc/self/fd/${name}`))) count++;
    } catch (error) {
      // The descriptor of this very directory is gone by now.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return count;
}
