/** The symbol tables say what the headers say: a wrong type in a table fails without a sound. */
import assert from "node:assert/strict";
import { bpf } from "../../ffi/libbpf/bpf.h.ts";
import { btf } from "../../ffi/libbpf/btf.h.ts";
import { libbpfObject } from "../../ffi/libbpf/libbpf.h.ts";
import { libc } from "../../ffi/libbpf/libc.h.ts";
import { sched } from "../../ffi/libbpf/sched.h.ts";
import { findClang } from "../../scripts/build_bpf.ts";

const TABLES: Readonly<Record<string, Deno.ForeignLibraryInterface>> = {
  "bpf.h": bpf,
  "libbpf.h": libbpfObject,
  "btf.h": btf,
  "libc.h": libc,
  "sched.h": sched,
};
const HEADERS = [
  ...[
    "errno.h",
    "sched.h",
    "stdio.h",
    "unistd.h",
    "time.h",
    "net/if.h",
    "sys/mman.h",
    "sys/mount.h",
    "sys/socket.h",
  ],
  ...["bpf/bpf.h", "bpf/libbpf.h", "bpf/btf.h"],
];
/** What C passes as what; enums and pointers are told by their looks. */
const TYPES: Readonly<Record<string, string>> = {
  "int": "i32",
  "__s32": "i32",
  "clockid_t": "i32",
  "pid_t": "i32",
  "__u32": "u32",
  "unsigned int": "u32",
  "socklen_t": "u32",
  "__u64": "u64",
  "unsigned long int": "u64",
  "size_t": "usize",
  "__off_t": "i64",
  "ssize_t": "isize",
  "void": "void",
  "va_list": "pointer",
  "libbpf_print_fn_t": "pointer",
  "perf_buffer_sample_fn": "pointer",
  "perf_buffer_lost_fn": "pointer",
};
const POINTERS = ["pointer", "buffer", "function"];

/** A symbol with the C declarations in the comments of its table. */
interface Commented {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly result: string;
}

for (const [file, table] of Object.entries(TABLES)) {
  const commented = readComments(file);

  Deno.test(`${file}: every symbol has a comment for each parameter and the result`, () => {
    assert.deepEqual(commented.map(({ name }) => name), Object.keys(table));
    for (const { name, parameters } of commented) {
      assert.equal(parameters.length, symbolOf(table, name).parameters.length, name);
    }
  });

  Deno.test(`${file}: types are those of the declarations in the comments`, () => {
    for (const { name, parameters, result } of commented) {
      const symbol = symbolOf(table, name);
      parameters.forEach((parameter, i) =>
        checkType(name, typeOf(parameter), symbol.parameters[i])
      );
      checkType(name, result, symbol.result);
    }
  });

  Deno.test({
    name: `${file}: the compiler finds these declarations in the headers`,
    ignore: !hasHeaders(),
    fn: async () => {
      const redeclarations = commented.map(({ name, parameters, result }) =>
        `extern ${result} ${name}(${parameters.join(", ") || "void"});`
      );
      await compiles(redeclarations);
      // A symbol that the headers do not have would pass as a new declaration.
      await compiles(commented.map(({ name }) => `void *address_of_${name} = (void *)${name};`));
    },
  });
}

Deno.test({
  name: "the compiler refuses a wrong declaration and an unknown symbol",
  ignore: !hasHeaders(),
  fn: async () => {
    await assert.rejects(() => compiles(["extern long bpf_map__fd(const struct bpf_map *map);"]));
    await assert.rejects(() => compiles(["void *address = (void *)bpf_map__no_such_thing;"]));
  },
});

function readComments(file: string): readonly Commented[] {
  const text = Deno.readTextFileSync(new URL(`../../ffi/libbpf/${file}.ts`, import.meta.url));
  return [...text.matchAll(/^ {2}(\w+): \{\n([\s\S]*?)^ {2}\},$/gm)].map((
    [, name = "", body = ""],
  ) => ({
    name,
    parameters: [...body.matchAll(/^ {6}"\w+", \/\/ (.*)$/gm)].map(([, comment = ""]) => comment),
    result: /^ {4}result: "\w+", \/\/ (.*)$/m.exec(body)?.[1] ?? "",
  }));
}

function symbolOf(table: Deno.ForeignLibraryInterface, name: string): Deno.ForeignFunction {
  const symbol = table[name];
  assert.ok(symbol !== undefined && "parameters" in symbol, name);
  return symbol;
}

/** `const void *key` is a `const void *`, `__u64 flags` a `__u64`. */
function typeOf(parameter: string): string {
  return parameter.replace(/\w+$/, "").trim();
}

function checkType(symbol: string, c: string, ffi: unknown): void {
  if (c.endsWith("*")) {
    assert.ok(POINTERS.includes(`${ffi}`), `${symbol}: ${c} is passed as ${ffi}`);
  } else {
    const want = c.startsWith("enum ") ? "u32" : TYPES[c];
    const got = ffi === "function" ? "pointer" : ffi;
    assert.equal(got, want, `${symbol}: ${c}`);
  }
}

async function compiles(lines: readonly string[]): Promise<void> {
  const source = [...HEADERS.map((header) => `#include <${header}>`), ...lines].join("\n");
  const clang = new Deno.Command(await findClang(), {
    args: ["-fsyntax-only", "-D_GNU_SOURCE", "-Werror", "-x", "c", "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const writer = clang.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${source}\n`));
  await writer.close();
  const { success, stderr } = await clang.output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

function hasHeaders(): boolean {
  try {
    return Deno.statSync("/usr/include/bpf/libbpf.h").isFile;
  } catch {
    return false;
  }
}
