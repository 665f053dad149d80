import { DataplaneError } from "./errors.ts";

/**
 * The network namespace that `ip netns exec` runs this process in. It gives a command a /sys of its
 * own, which goes with the command, and pins in it.
 *
 * @param mounts Content of /proc/self/mounts.
 * @returns Its name; null when /sys is the host's.
 */
export function netnsOfSys(mounts: string): string | null {
  const topmost = mounts.split("\n").findLast((line) => line.split(" ")[1] === "/sys");
  const [source = "", , type] = topmost?.split(" ") ?? [];
  // It names the mount after the namespace; everybody else calls it sysfs or none.
  return type === "sysfs" && source !== "sysfs" && source !== "none" ? source : null;
}

/**
 * Refuses to look for pins, or to make some, where `ip netns exec` hides those of the host.
 *
 * @throws {DataplaneError} When this process runs under `ip netns exec`.
 */
export function refuseNetnsExec(): void {
  const name = netnsOfSys(Deno.readTextFileSync("/proc/self/mounts"));
  if (name === null || !isNamespace(name)) return;
  throw new DataplaneError({
    action: "keep a balancer under",
    object: `ip netns exec ${name}`,
    errno: null,
    reason: "it hides /sys/fs/bpf, and what is pinned there is gone when the command ends",
    hint: `run: nsenter --net=/run/netns/${name} weir ...`,
  });
}

function isNamespace(name: string): boolean {
  try {
    return Deno.lstatSync(`/run/netns/${name}`).isFile;
  } catch {
    return false;
  }
}
