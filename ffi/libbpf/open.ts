import { DataplaneError } from "../errors.ts";
import { bpf } from "./bpf.h.ts";
import { btf } from "./btf.h.ts";
import { libbpfObject } from "./libbpf.h.ts";
import { libc as libcSymbols } from "./libc.h.ts";

const libbpfSymbols = { ...bpf, ...libbpfObject, ...btf } as const;

type LibbpfHandle = Deno.DynamicLibrary<typeof libbpfSymbols>;
/** Functions of libbpf by name. */
export type Libbpf = LibbpfHandle["symbols"];
/** Functions of the C library by name. */
export type Libc = Deno.DynamicLibrary<typeof libcSymbols>["symbols"];

/** A place where a libbpf may be. */
export interface LibbpfSource {
  /** For the error when none will do. */
  readonly name: string;
  /**
   * Libraries in the order in which they depend on each other, libbpf last. Called only when no
   * earlier source will do.
   */
  readonly paths: () => readonly string[];
}

const SONAME = "libbpf.so.1";
const WANTED = [1, 1] as const;
/** Absolute paths first: a permission like --allow-ffi=/usr/lib/... matches those only. */
const HOST_SOURCES: readonly LibbpfSource[] = [
  `/usr/lib/${Deno.build.arch}-linux-gnu/${SONAME}`,
  `/usr/lib64/${SONAME}`,
  SONAME,
].map((path) => ({ name: path, paths: () => [path] }));

let sources: readonly LibbpfSource[] = HOST_SOURCES;
let openLibbpf: DisposableStack | undefined;
let libbpfFunctions: Libbpf | undefined;
let openLibc: Deno.DynamicLibrary<typeof libcSymbols> | undefined;

/**
 * Says where else to look for libbpf when the host has none that is new enough.
 *
 * @param fallbacks Places, tried in order after those of the host.
 * @param host Places of the host, for tests.
 */
export function setLibbpfFallbacks(
  fallbacks: readonly LibbpfSource[],
  host: readonly LibbpfSource[] = HOST_SOURCES,
): void {
  sources = [...host, ...fallbacks];
}

/**
 * Opens libbpf at first use, and silences its own printing.
 *
 * @returns Its functions.
 * @throws {DataplaneError} When it is missing or older than 1.1.
 */
export function libbpf(): Libbpf {
  libbpfFunctions ??= openFirst();
  return libbpfFunctions;
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
  openLibbpf?.dispose();
  openLibc?.close();
  openLibbpf = undefined;
  libbpfFunctions = undefined;
  openLibc = undefined;
}

function openFirst(): Libbpf {
  const causes: unknown[] = [];
  for (const source of sources) {
    using stack = new DisposableStack();
    try {
      const functions = openChecked(source, stack);
      openLibbpf = stack.move();
      functions.libbpf_set_print(null);
      return functions;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      causes.push(error);
    }
  }
  throw new DataplaneError({
    action: "open",
    object: SONAME,
    errno: null,
    reason: `want version ${WANTED.join(".")} or newer`,
    hint: 'install it with "apt-get install libbpf1"',
    details: causes.map((cause) => cause instanceof Error ? cause.message : `${cause}`),
  });
}

function openChecked({ name, paths }: LibbpfSource, stack: DisposableStack): Libbpf {
  const files = paths();
  for (const file of files.slice(0, -1)) {
    stack.adopt(Deno.dlopen(file, {}), (library) => library.close());
  }
  const path = files.at(-1) ?? name;
  const { symbols } = stack.adopt(Deno.dlopen(path, libbpfSymbols), (library) => library.close());
  const [major, minor] = [symbols.libbpf_major_version(), symbols.libbpf_minor_version()];
  const [wantMajor, wantMinor] = WANTED;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return symbols;
  throw new Error(`Cannot use "${name}": it is libbpf ${major}.${minor}`);
}
