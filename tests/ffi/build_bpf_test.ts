import assert from "node:assert/strict";
import { buildBpf } from "../../scripts/build_bpf.ts";

const SOURCE = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "verdict.h"
struct verdict { int action; };
const volatile struct verdict verdict;
SEC("xdp") int choose(struct xdp_md *ctx) { return verdict.action + EXTRA; }
`;
const ignore = !hasHeaders();

Deno.test({
  name: "buildBpf() gives equal bytes wherever the tree lies, and names no path of this host",
  ignore,
  fn: async () => {
    using first = new Tree(SOURCE);
    using second = new Tree(SOURCE);
    await buildBpf(first.root);
    await buildBpf(second.root);
    assert.deepEqual(first.object(), second.object());
    const text = new TextDecoder("latin1").decode(first.object());
    assert.ok(!text.includes(first.root) && !text.includes(Deno.cwd()));
    assert.ok(text.includes(".BTF") && !text.includes(".debug_info"));
  },
});

Deno.test({
  name: "buildBpf() compiles what is out of date",
  ignore,
  fn: async () => {
    using tree = new Tree(SOURCE);
    assert.deepEqual(await buildBpf(tree.root), [
      { path: "dist/bpf/verdict.bpf.o", compiled: true },
    ]);
    assert.equal((await buildBpf(tree.root))[0]?.compiled, false);
    tree.touch("verdict.h");
    assert.equal((await buildBpf(tree.root))[0]?.compiled, true);
  },
});

Deno.test({
  name: "buildBpf() shows what the compiler says, and leaves no object",
  ignore,
  fn: async () => {
    using tree = new Tree(SOURCE.replace("verdict.action", "verdict.reaction"));
    await assert.rejects(buildBpf(tree.root), /Cannot compile "bpf\/verdict.bpf.c" .*reaction/s);
    assert.throws(() => tree.object(), Deno.errors.NotFound);
  },
});

/** A tree with one program, which needs a header. */
class Tree implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "weir-tree-" });

  constructor(source: string) {
    Deno.mkdirSync(`${this.root}/bpf`);
    Deno.writeTextFileSync(`${this.root}/bpf/verdict.bpf.c`, source);
    Deno.writeTextFileSync(`${this.root}/bpf/verdict.h`, "#define EXTRA 1\n");
  }

  object(): Uint8Array {
    return Deno.readFileSync(`${this.root}/dist/bpf/verdict.bpf.o`);
  }

  touch(name: string): void {
    const soon = new Date(Date.now() + 2000);
    Deno.utimeSync(`${this.root}/bpf/${name}`, soon, soon);
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

function hasHeaders(): boolean {
  try {
    return Deno.statSync("/usr/include/bpf/bpf_helpers.h").isFile;
  } catch {
    return false;
  }
}
