import { deepEqual } from "node:assert/strict";

/** Modules that importing the command tree loads, by the file they end in. */
async function graph(entry: string): Promise<readonly string[]> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(entry, import.meta.url).pathname],
    stdout: "piped",
    stderr: "null",
  });
  const { stdout } = await command.output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout)) as {
    readonly roots: readonly string[];
    readonly modules: readonly {
      readonly specifier: string;
      readonly dependencies?: readonly {
        readonly code?: { readonly specifier: string };
        readonly isDynamic?: boolean;
      }[];
    }[];
  };
  const seen = new Set(roots);
  for (const specifier of seen) {
    const module = modules.find((module) => module.specifier === specifier);
    for (const { code, isDynamic } of module?.dependencies ?? []) {
      if (code !== undefined && isDynamic !== true) seen.add(code.specifier);
    }
  }
  return [...seen];
}

Deno.test("starting up loads neither ffi nor YAML nor valibot nor anything of Node", async () => {
  const heavy = (await graph("main.ts")).filter((name) =>
    /\/ffi\/|\/yaml|valibot|^node:|\/commands\/.*\/(?!commands|parsers|parse_)\w+\.ts$|bpf_objects/
      .test(
        name,
      )
  );
  deepEqual(heavy, []);
});
