import { cpio, type CpioEntry, DIRECTORY, EXECUTABLE, LINK } from "./cpio.ts";
import type { Kernel } from "./fetch_kernel.ts";
import { commandLines, runCommand } from "./run_command.ts";

/** What it takes to reach the host's root; built into some kernels. */
const MODULES = ["virtio_pci", "fuse", "virtiofs", "overlay"];
const BUSYBOX = "/bin/busybox";
const APPLETS = ["sh", "cat", "cp", "insmod", "mkdir", "mount", "switch_root"];
const DIRECTORIES = ["bin", "dev", "host", "modules", "proc", "ram", "root", "run", "sys"];

/**
 * The first root of a guest: busybox, the modules that reach the host's files, init.sh.
 *
 * @param kernel The kernel it is for.
 * @returns The archive, as the kernel takes it.
 * @throws {Error} When busybox or a module cannot be read.
 */
export async function initrd(kernel: Kernel): Promise<Uint8Array> {
  const init = await Deno.readFile(new URL("init.sh", import.meta.url));
  const busybox = await Deno.readFile(BUSYBOX);
  const files = await modulePaths(kernel);
  const modules = await Promise.all(files.map(async (path, index): Promise<CpioEntry> => ({
    // Their order is the order of loading.
    path: `modules/${String(index).padStart(2, "0")}.ko`,
    mode: EXECUTABLE,
    // busybox's insmod takes no compressed module.
    content: path.endsWith(".xz")
      ? await runCommand("xz", ["--decompress", "--stdout", path])
      : await Deno.readFile(path),
  })));
  return cpio([
    ...DIRECTORIES.map((path) => ({ path, mode: DIRECTORY, content: new Uint8Array() })),
    // Where it also stands in the second root.
    { path: "run/busybox", mode: EXECUTABLE, content: busybox },
    ...APPLETS.map((name) => ({
      path: `bin/${name}`,
      mode: LINK,
      content: new TextEncoder().encode("/run/busybox"),
    })),
    ...modules,
    { path: "init", mode: EXECUTABLE, content: init },
  ]);
}

/** Modules with what they depend on, in loading order. */
async function modulePaths({ root, release }: Kernel): Promise<readonly string[]> {
  const lines = await Promise.all(
    MODULES.map((name) =>
      commandLines("modprobe", ["-d", root, "-S", release, "--show-depends", name])
    ),
  );
  const paths = lines.flat().flatMap((line) => /^insmod (\S+)/.exec(line)?.[1] ?? []);
  return [...new Set(paths)];
}
