import { kernelPackages } from "./kernel_packages.ts";
import type { PrivateApt } from "./private_apt.ts";
import { runCommand } from "./run_command.ts";

/** A kernel that can be booted. */
export interface Kernel {
  /** As "6.12". */
  readonly line: string;
  /** As `uname -r` says. */
  readonly release: string;
  /** The compressed image. */
  readonly image: string;
  /** Directory that holds `lib/modules/<release>`. */
  readonly root: string;
}

/** Written last: a directory without it is a fetch that was cut off. */
const RELEASE_FILE = "weir-release";

/**
 * A kernel of a line: from the cache as it is, else the newest that Debian has.
 *
 * @param line As "6.12".
 * @param cache Directory that keeps kernels; deleting `<cache>/<line>` makes a newer one come.
 * @param apt Where packages come from.
 * @param say Told what is fetched.
 * @returns The kernel.
 * @throws {Error} When it can neither be found nor fetched.
 */
export async function fetchKernel(
  line: string,
  cache: string,
  apt: PrivateApt,
  say: (line: string) => void,
): Promise<Kernel> {
  const root = `${cache}/${line}`;
  const cached = readRelease(root);
  if (cached !== null) return kernelAt(line, root, cached);
  const { release, packages } = kernelPackages(line, await apt.names("linux-"));
  say(`fetching ${packages.join(" ")}`);
  Deno.mkdirSync(cache, { recursive: true });
  await removeTree(root);
  await apt.unpack(packages, root);
  if (!exists(`${root}/lib`)) Deno.symlinkSync("usr/lib", `${root}/lib`);
  // Packages leave modules.dep to their installation.
  await runCommand("depmod", ["-b", root, release]);
  const kernel = kernelAt(line, root, release);
  Deno.writeTextFileSync(`${root}/${RELEASE_FILE}`, release);
  return kernel;
}

function kernelAt(line: string, root: string, release: string): Kernel {
  const candidates = [`${root}/boot/vmlinuz-${release}`, `${root}/lib/modules/${release}/vmlinuz`];
  const image = candidates.find(exists);
  if (image === undefined) throw new Error(`Cannot find the image of kernel "${release}"`);
  return { line, release, image, root };
}

function readRelease(root: string): string | null {
  return exists(`${root}/${RELEASE_FILE}`)
    ? Deno.readTextFileSync(`${root}/${RELEASE_FILE}`).trim()
    : null;
}

async function removeTree(path: string): Promise<void> {
  if (exists(path)) await Deno.remove(path, { recursive: true });
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
