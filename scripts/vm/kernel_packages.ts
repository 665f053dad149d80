/**
 * Names of the Debian packages that hold the newest complete kernel of a line.
 *
 * Cloud kernels: small, and the same drivers in every line. From 6.19 on Debian splits a kernel:
 * linux-image is empty, and old linux-modules leave the archive before old linux-binary do.
 *
 * @param line Kernel line, as "6.12".
 * @param names Package names of the archive.
 * @returns The kernel's release and packages.
 * @throws {Error} When the archive has no complete kernel of that line.
 *
 * @example Newest of two
 * ```ts
 * import assert from "node:assert/strict";
 * const names = ["linux-image-6.1.0-9-cloud-amd64", "linux-image-6.1.0-56-cloud-amd64"];
 * assert.equal(kernelPackages("6.1", names).release, "6.1.0-56-cloud-amd64");
 * ```
 */
export function kernelPackages(line: string, names: readonly string[]): KernelPackages {
  const known = new Set(names);
  const escaped = line.replace(".", "\\.");
  // 6.1.0-56-cloud-amd64 up to bookworm, 6.18.15+deb13-cloud-amd64 since.
  const pattern = new RegExp(
    `^linux-image-(${escaped}\\.[0-9]+(-[0-9]+|\\+deb[0-9]+(\\.[0-9]+)?)-cloud-amd64)$`,
  );
  const releases = names.flatMap((name) => pattern.exec(name)?.[1] ?? []).sort(byNumbers).reverse();
  for (const release of releases) {
    const packages = packagesOf(release, known);
    if (packages !== null) return { release, packages };
  }
  throw new Error(`Cannot find a complete kernel "${line}": the archive has ${releases.length}`);
}

/** A kernel as Debian packs it. */
export interface KernelPackages {
  /** As `uname -r` says. */
  readonly release: string;
  readonly packages: readonly string[];
}

/** Null when a part has left the archive. */
function packagesOf(release: string, known: ReadonlySet<string>): readonly string[] | null {
  const image = `linux-image-${release}`;
  const [binary, modules, base] = ["binary", "modules", "base"].map((part) =>
    `linux-${part}-${release}`
  );
  if (binary === undefined || modules === undefined || base === undefined) return null;
  if (!known.has(binary)) return [image];
  if (!known.has(modules)) return null;
  return known.has(base) ? [binary, modules, base] : [binary, modules];
}

function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
