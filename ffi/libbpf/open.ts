import { bpf } from "./bpf.h.ts";
import { btf } from "./btf.h.ts";
import { libbpfObject } from "./libbpf.h.ts";
import { libc as libcSymbols } from "./libc.h.ts";

const libbpfSymbols = { ...bpf, ...libbpfObject, ...btf } as const;

/** Functions of libbpf by name. */
export type Libbpf = Deno.DynamicLibrary<typeof libbpfSymbols>["symbols"];
/** Functions of the C library by name. */
export type Libc = Deno.DynamicLibrary<typeof libcSymbols>["symbols"];

const SONAME = "libbpf.so.1";
const WANTED = [1, 1] as const;

let openLibbpf: Deno.DynamicLibrary<typeof libbpfSymbols> | undefined;
let openLibc: Deno.DynamicLibrary<typeof libcSymbols> | undefined;

/**
 * Opens libbpf at first use, and silences its own printing.
 *
 * @returns Its functions.
 * @throws {Error} When it is missing or older than 1.1.
 */
export function libbpf(): Libbpf {
  openLibbpf ??= openChecked();
  return openLibbpf.symbols;
}

/**
 * Opens the C library at first use.
 *
 * @returns Its functions.
 */
export function libc(): Libc {
  openLibc ??= Deno.dlopen("libc.so.6", libcSymbols);
  return openLibc.symbols;
}

/** Closes both libraries; the next use opens them again. For tests that count open handles. */
export function closeLibraries(): void {
  openLibbpf?.close();
  openLibc?.close();
  openLibbpf = undefined;
  openLibc = undefined;
}

function openChecked(): Deno.DynamicLibrary<typeof libbpfSymbols> {
  const library = openFirst(candidates());
  const major = library.symbols.libbpf_major_version();
  const minor = library.symbols.libbpf_minor_version();
  const [wantMajor, wantMinor] = WANTED;
  if (major < wantMajor || (major === wantMajor && minor < wantMinor)) {
    library.close();
    throw new Error(
      `Cannot use libbpf ${major}.${minor}: want ${wantMajor}.${wantMinor} or newer, ` +
        `install the Debian 12 package libbpf1 or a newer one`,
    );
  }
  library.symbols.libbpf_set_print(null);
  return library;
}

function openFirst(paths: readonly string[]): Deno.DynamicLibrary<typeof libbpfSymbols> {
  const causes: unknown[] = [];
  for (const path of paths) {
    try {
      return Deno.dlopen(path, libbpfSymbols);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      causes.push(error);
    }
  }
  throw new Error(`Cannot open ${SONAME}: install it with "apt-get install libbpf1"`, {
    cause: new AggregateError(causes, paths.join(", ")),
  });
}

/** Absolute paths first: a permission like --allow-ffi=/usr/lib/... matches those only. */
function candidates(): readonly string[] {
  const multiarch = `/usr/lib/${Deno.build.arch}-linux-gnu/${SONAME}`;
  return [multiarch, `/usr/lib64/${SONAME}`, SONAME];
}
