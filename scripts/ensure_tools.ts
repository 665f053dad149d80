/**
 * Installs what a task needs and the machine lacks, from Debian's packages, and says so first.
 */

/** A program and the Debian package that brings it. */
interface Tool {
  readonly command: string;
  readonly package: string;
}

const TOOLS = {
  clang: { command: "clang-19", package: "clang-19" },
  strip: { command: "llvm-strip-19", package: "llvm-19" },
  bpftool: { command: "bpftool", package: "bpftool" },
  ip: { command: "ip", package: "iproute2" },
  ethtool: { command: "ethtool", package: "ethtool" },
  openssl: { command: "openssl", package: "openssl" },
  curl: { command: "curl", package: "curl" },
  iperf3: { command: "iperf3", package: "iperf3" },
  nginx: { command: "nginx", package: "nginx-light" },
  ping: { command: "ping", package: "iputils-ping" },
  qemu: { command: "qemu-system-x86_64", package: "qemu-system-x86" },
  busybox: { command: "busybox", package: "busybox-static" },
  depmod: { command: "depmod", package: "kmod" },
  xz: { command: "xz", package: "xz-utils" },
} as const satisfies Record<string, Tool>;

/** Names that `ensureTools` takes. */
export type ToolName = keyof typeof TOOLS;

/** Files rather than commands: headers and the library that weir opens at run time. */
const FILES: readonly { readonly path: string; readonly package: string }[] = [
  { path: "/usr/include/bpf/bpf_helpers.h", package: "libbpf-dev" },
  { path: "/usr/include/linux/bpf.h", package: "linux-libc-dev" },
];

const SEARCH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

function missingPackages(names: readonly ToolName[]): string[] {
  const tools: Tool[] = names.map((name) => TOOLS[name]);
  const commands = tools.filter((tool) => !SEARCH.some((dir) => exists(`${dir}/${tool.command}`)));
  const files = FILES.filter((file) => !exists(file.path));
  return [...new Set([...commands, ...files].map((wanted) => wanted.package))];
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = new Deno.Command(command, {
    args: [...args],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await child.output();
  if (success) return;
  const text = new TextDecoder();
  throw new Error(
    `"${command} ${args.join(" ")}" failed:\n${text.decode(stdout)}${text.decode(stderr)}`,
  );
}

/**
 * Makes sure that the tools and the libbpf headers are there.
 *
 * @param names Tools the caller will run.
 * @param say Where to tell what gets installed.
 * @throws {Error} If a package is missing and the caller is not root, or apt-get fails.
 */
export async function ensureTools(
  names: readonly ToolName[],
  say: (line: string) => void,
): Promise<void> {
  const missing = missingPackages(names);
  if (missing.length === 0) return;
  if (Deno.uid() !== 0) {
    throw new Error(`Missing packages; as root: apt-get install ${missing.join(" ")}`);
  }
  say(`installing Debian packages: ${missing.join(" ")}`);
  // A fresh machine has no package lists, an old one has stale ones.
  await run("apt-get", ["update", "-qq"]);
  // A service that a package starts has no business in a test.
  const policy = "/usr/sbin/policy-rc.d";
  const mine = !exists(policy);
  if (mine) Deno.writeTextFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing]);
  } finally {
    if (mine) Deno.removeSync(policy);
  }
}
