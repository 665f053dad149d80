/**
 * Compiles every bpf/*.bpf.c to dist/bpf/*.bpf.o: `deno task build:bpf`.
 *
 * The objects keep BTF (layouts, map definitions) and lose DWARF; equal sources give equal bytes
 * wherever the tree lies, so that a digest of the object says which program runs.
 *
 * @module
 */

const SOURCES = "bpf";
const OBJECTS = "dist/bpf";
/** Newest first: the verifier of old kernels was only tried with these. */
const COMPILERS = ["clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14", "clang"];
const OLDEST_CLANG = 14;

/** What `buildBpf` did with one object. */
export interface BuiltObject {
  /** Path of the object, relative to the root of the tree. */
  readonly path: string;
  /** False when it was newer than all sources. */
  readonly compiled: boolean;
}

/**
 * Compiles the BPF programs that are out of date.
 *
 * @param root Directory that holds `bpf/`; objects go to `dist/bpf/` in it.
 * @returns One entry per program, in order of name.
 * @throws {Error} When no compiler is found or a program does not compile.
 */
export async function buildBpf(root: string): Promise<readonly BuiltObject[]> {
  const names = [...Deno.readDirSync(`${root}/${SOURCES}`)].map((entry) => entry.name).sort();
  const newestHeader = Math.max(
    ...names.filter((name) => name.endsWith(".h")).map((name) => age(`${root}/${SOURCES}/${name}`)),
    age(new URL(import.meta.url).pathname),
  );
  Deno.mkdirSync(`${root}/${OBJECTS}`, { recursive: true });
  const built: BuiltObject[] = [];
  for (const name of names.filter((name) => name.endsWith(".bpf.c"))) {
    const source = `${SOURCES}/${name}`;
    const path = `${OBJECTS}/${name.replace(/\.c$/, ".o")}`;
    const stale = age(`${root}/${path}`) < Math.max(newestHeader, age(`${root}/${source}`));
    if (stale) await compile(root, source, path);
    built.push({ path, compiled: stale });
  }
  return built;
}

/**
 * Finds the newest usable compiler.
 *
 * @returns Name of a clang on PATH of version 14 or newer.
 * @throws {Error} When there is none.
 */
export async function findClang(): Promise<string> {
  for (const name of COMPILERS) {
    const { ok, text } = await run(name, ["-dumpversion"], ".");
    if (ok && Number.parseInt(text) >= OLDEST_CLANG) return name;
  }
  throw new Error(
    `Cannot compile BPF programs: found no clang of version ${OLDEST_CLANG} or newer, ` +
      `install it with "apt-get install clang-19 llvm-19"`,
  );
}

/**
 * The include flag for <asm/types.h>, which Debian keeps in a directory per architecture.
 *
 * @returns Compiler arguments.
 */
export function multiarchInclude(): readonly string[] {
  return [`-I/usr/include/${Deno.build.arch}-linux-gnu`];
}

async function compile(root: string, source: string, path: string): Promise<void> {
  requireHeader("/usr/include/bpf/bpf_helpers.h", "libbpf-dev");
  requireHeader("/usr/include/linux/bpf.h", "linux-libc-dev");
  // Written beside and renamed: a test that builds at the same time never reads half an object.
  const draft = `${path}.${Deno.pid}`;
  const clang = await findClang();
  const { ok, text } = await run(clang, [
    ...["-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-Werror"],
    ...multiarchInclude(),
    ...[`-ffile-prefix-map=${root}=.`, "-fdebug-compilation-dir=.", "-c", source, "-o", draft],
  ], root);
  if (!ok) throw new Error(`Cannot compile "${source}" with ${clang}\n${text}`);
  await strip(root, draft);
  Deno.renameSync(`${root}/${draft}`, `${root}/${path}`);
}

/** Only makes the object smaller, so a missing tool is no error. */
async function strip(root: string, path: string): Promise<void> {
  for (const name of ["llvm-strip-19", "llvm-strip"]) {
    if ((await run(name, ["-g", path], root)).ok) return;
  }
}

function requireHeader(path: string, debianPackage: string): void {
  if (age(path) > 0) return;
  throw new Error(
    `Cannot compile BPF programs: "${path}" is missing, ` +
      `install it with "apt-get install ${debianPackage}"`,
  );
}

/** Modification time in ms; 0 when there is no such file. */
function age(path: string): number {
  try {
    return Deno.statSync(path).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd })
      .output();
    const decoder = new TextDecoder();
    return { ok: success, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { ok: false, text: "" };
    throw error;
  }
}

if (import.meta.main) {
  const root = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
  for (const { path, compiled } of await buildBpf(root)) {
    const line = `${compiled ? "compiled" : "up to date"}  ${path}\n`;
    await Deno.stdout.write(new TextEncoder().encode(line));
  }
}
