import { equal } from "node:assert/strict";
import { netnsOfSys } from "./netns_exec.ts";

const HOST = `sysfs /sys sysfs rw,relatime 0 0
cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
bpf /sys/fs/bpf bpf rw,relatime,mode=700 0 0
`;

Deno.test("netnsOfSys() knows the /sys that ip netns exec mounts", () => {
  equal(netnsOfSys(`${HOST}blue /sys sysfs rw,relatime 0 0\n`), "blue");
  // A bpffs on top does not outlive the command either.
  equal(netnsOfSys(`blue /sys sysfs rw 0 0\nbpf /sys/fs/bpf bpf rw 0 0\n`), "blue");
});

Deno.test("netnsOfSys() takes hosts and containers as they are", () => {
  for (const mounts of [HOST, "", "none /sys sysfs rw 0 0\n", "tmpfs /sys tmpfs rw 0 0\n"]) {
    equal(netnsOfSys(mounts), null);
  }
});
