import { cString } from "./c_string.ts";
import { checkErrno } from "./errors.ts";
import { libc } from "./libbpf/open.ts";
import { refuseNetnsExec } from "./netns_exec.ts";

/** Where the kernel keeps pinned objects, unless a test says otherwise. */
export const BPFFS = "/sys/fs/bpf";

/**
 * Mounts a bpffs where there is none.
 *
 * @param path The mount point, an existing directory.
 * @returns Whether it had to be mounted.
 * @throws {DataplaneError} When it cannot be mounted, or would go with this process.
 */
export function mountBpffs(path: string = BPFFS): boolean {
  if (path === BPFFS) refuseNetnsExec();
  if (isBpffs(path)) return false;
  const failed = libc().mount(
    cString("bpf"),
    cString(path),
    cString("bpf"),
    0n,
    cString("mode=0700"),
  ) < 0;
  checkErrno(failed, "mount a bpffs at", path, {
    ENODEV: "the kernel has no bpffs (CONFIG_BPF_SYSCALL)",
    ENOENT: "make the directory first",
  });
  return true;
}

/**
 * Is a bpffs mounted at this path?
 *
 * @param path The mount point.
 * @returns True when the topmost mount there is one.
 */
export function isBpffs(path: string): boolean {
  const mounts = Deno.readTextFileSync("/proc/self/mounts").split("\n");
  const topmost = mounts.findLast((line) => line.split(" ")[1] === path);
  return topmost?.split(" ")[2] === "bpf";
}
