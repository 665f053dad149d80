import type { Kernel } from "./fetch_kernel.ts";
import { initrd } from "./initrd.ts";

/** QEMU's own file server, of Debian's qemu-system-common up to bookworm. */
const VIRTIOFSD = "/usr/lib/qemu/virtiofsd";
const MEMORY = "2G";
const EXIT = /^weir-vm: exit ([0-9]+)$/;

/** What to run in a guest. */
export interface Guest {
  readonly kernel: Kernel;
  /** Shell commands, run by root in the guest's copy of the host's root. */
  readonly script: string;
  /** Given each line that the script prints. */
  readonly say: (line: string) => void;
  readonly timeoutMs: number;
  /** "tcg" or "kvm"; /dev/kvm may open and yet not boot these kernels, so nobody guesses. */
  readonly accel: string;
}

/**
 * Boots a kernel and runs a script in it. The guest sees the host's root and may write anywhere:
 * what it writes stays in its memory.
 *
 * @param guest Kernel and script.
 * @returns The script's exit code.
 * @throws {Error} When the guest does not get so far, with the end of the kernel's log.
 */
export async function boot(guest: Guest): Promise<number> {
  const dir = await Deno.makeTempDir({ prefix: "weir-vm." });
  try {
    await Deno.writeFile(`${dir}/initrd`, await initrd(guest.kernel));
    await Deno.writeTextFile(`${dir}/script`, guest.script);
    await using _server = await serveRoot(`${dir}/root.sock`);
    return await runQemu(guest, dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function serveRoot(socket: string): Promise<AsyncDisposable> {
  if (!exists(VIRTIOFSD)) {
    throw new Error(`Cannot share the host's root: "${VIRTIOFSD}" is missing, want Debian 12`);
  }
  const child = new Deno.Command(VIRTIOFSD, {
    args: [
      ...["-f", `--socket-path=${socket}`, "-o", "source=/", "-o", "cache=always"],
      // The other sandbox, a mount namespace, cannot share "/".
      ...["-o", "sandbox=chroot", "-o", "log_level=err", "-o", "no_posix_lock", "-o", "no_xattr"],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = child.status.then(({ code }) => {
    ended = true;
    return code;
  });
  while (!exists(socket)) {
    if (ended) {
      throw new Error(`Cannot share the host's root: virtiofsd ended with ${await status}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill();
      await status;
    },
  };
}

async function runQemu(guest: Guest, dir: string): Promise<number> {
  const child = new Deno.Command("qemu-system-x86_64", {
    args: qemuArguments(guest, dir),
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, guest.timeoutMs);
  const code = await readReport(child.stdout, guest.say);
  await child.status;
  clearTimeout(timer);
  if (code !== null) return code;
  const log = Deno.readTextFileSync(`${dir}/console`).trimEnd().split("\n").slice(-20).join("\n");
  const why = late ? `took more than ${guest.timeoutMs / 1000} s` : "ended without an exit code";
  throw new Error(`Guest with kernel "${guest.kernel.release}" ${why}\n${log}`);
}

async function readReport(
  stream: ReadableStream<Uint8Array>,
  say: (line: string) => void,
): Promise<number | null> {
  let code: number | null = null;
  let rest = "";
  const take = (line: string) => {
    const exit = EXIT.exec(line);
    if (exit === null) say(line);
    else code = Number(exit[1]);
  };
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk.replaceAll("\r", "")).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
  return code;
}

function qemuArguments({ kernel, accel }: Guest, dir: string): string[] {
  const command = [
    "console=ttyS0 quiet panic=-1",
    `weir.command=${dir}/script weir.modules=${kernel.root}/lib/modules`,
  ];
  return [
    ...["-accel", accel === "tcg" ? "tcg,thread=multi" : accel],
    ...["-machine", "q35", "-cpu", accel === "tcg" ? "max" : "host", "-m", MEMORY],
    // virtiofs shares the guest's memory with the file server.
    ...["-object", `memory-backend-memfd,id=memory,size=${MEMORY},share=on`],
    ...["-numa", "node,memdev=memory"],
    ...["-chardev", `socket,id=root,path=${dir}/root.sock`],
    ...["-device", "vhost-user-fs-pci,chardev=root,tag=host,queue-size=1024"],
    ...["-device", "virtio-rng-pci"],
    ...["-nodefaults", "-display", "none", "-no-reboot"],
    ...["-serial", `file:${dir}/console`, "-serial", "stdio"],
    ...["-kernel", kernel.image, "-initrd", `${dir}/initrd`, "-append", command.join(" ")],
  ];
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
