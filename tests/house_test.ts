/** The layout of the house: who may import whom, and what may be said where. */
import assert from "node:assert/strict";

const ROOT = new URL("../", import.meta.url);

interface Source {
  readonly path: string;
  readonly text: string;
}

function* sources(folder: string): Generator<Source> {
  for (const entry of Deno.readDirSync(new URL(folder, ROOT))) {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) yield* sources(`${path}/`);
    else if (/\.(ts|c|h)$/.test(entry.name)) {
      yield { path, text: Deno.readTextFileSync(new URL(path, ROOT)) };
    }
  }
}

/** Import and re-export specifiers, static and dynamic. */
function specifiers(text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const pattern = /(?:from|import)\s*\(?\s*"([^"]+)"/g;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? "");
}

/** First folder of the file that a relative specifier names, or null for a package. */
function roomOf(path: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  const target = new URL(specifier, new URL(path, ROOT)).href.slice(ROOT.href.length);
  return target.split("/")[0] ?? "";
}

const isTest = (path: string) => path.endsWith("_test.ts");

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ["core", "node_modules"],
  ffi: ["ffi", "core"],
  // dist: the compiled BPF objects, which the executable carries.
  cli: ["cli", "ffi", "core", "dist", "deno.json"],
};

for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
  Deno.test(`${room} imports only ${allowed.join(", ")}`, () => {
    const wrong: string[] = [];
    for (const { path, text } of sources(`${room}/`)) {
      if (isTest(path)) continue;
      for (const specifier of specifiers(text)) {
        const target = roomOf(path, specifier);
        if (target !== null && !allowed.includes(target)) wrong.push(`${path}: ${specifier}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
}

Deno.test("core is pure: no Deno, no node modules, no clock, no FFI", () => {
  const forbidden = /\bDeno\.|"node:|Date\.now|new Date\(|performance\.now|Math\.random/;
  const wrong = [...sources("core/")].filter(({ path }) => !isTest(path))
    .filter(({ text }) => forbidden.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")))
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

Deno.test("only ffi opens libraries", () => {
  const wrong = ["core/", "cli/"].flatMap((room) => [...sources(room)])
    .filter(({ text }) => /Deno\.(dlopen|Unsafe)/.test(text)).map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

Deno.test("nothing CommonJS and no node module outside tests", () => {
  const wrong = ["core/", "ffi/", "cli/"].flatMap((room) => [...sources(room)])
    .filter(({ path, text }) =>
      !isTest(path) && specifiers(text).some((name) => name.startsWith("node:"))
    )
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

Deno.test("every BPF source names its licence", () => {
  const wrong = [...sources("bpf/")]
    .filter(({ text }) => !text.startsWith("/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2"))
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});
