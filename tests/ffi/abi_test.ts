/** Generated layouts: up to date, without gaps, and equal to those of the compiled programs. */
import assert from "node:assert/strict";
import * as abi from "../../ffi/abi.gen.ts";
import type { Field, Layout } from "../../ffi/layout.ts";
import { Btf } from "../../scripts/gen/btf.ts";
import { generate } from "../../scripts/gen_abi.ts";
import { bpfObject } from "../support/bpf_objects.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const ignore = !hasTools();
const LAYOUTS = Object.values<unknown>(abi).filter((value): value is Layout<unknown> =>
  typeof value === "object" && value !== null && "fields" in value
);
const SIZES: Readonly<Record<string, number>> = {
  ...{ u8: 1, bytes: 1, text: 1, pad: 1 },
  ...{ u16: 2, be16: 2, u32: 4, i32: 4, u64: 8 },
};

for (const layout of LAYOUTS) {
  Deno.test(`struct ${layout.name} has no gap that is not named`, () => {
    let end = 0;
    for (const field of layout.fields) {
      assert.equal(field.offset, end, field.name);
      end += sizeOf(field);
    }
    assert.equal(end, layout.size);
  });
}

Deno.test({
  name: "generated files are up to date (deno task gen)",
  ignore,
  fn: async () => {
    for (const [path, want] of await generate()) {
      assert.equal(Deno.readTextFileSync(`${ROOT}${path}`), want, path);
    }
  },
});

Deno.test({
  name: "the compiled load balancer has these layouts",
  ignore,
  fn: async () => {
    await bpfObject("lb");
    const btf = await Btf.read(`${ROOT}dist/bpf/lb.bpf.o`);
    let compared = 0;
    for (const layout of LAYOUTS) {
      const compiled = structOf(btf, layout.name);
      if (compiled === null) continue;
      assert.equal(layout.size, compiled.size, layout.name);
      assert.deepEqual(
        layout.fields.map(({ name, offset }) => ({ name, offset })),
        compiled.fields.map(({ name, offset }) => ({ name, offset })),
      );
      compared++;
    }
    assert.ok(compared > 15, `${compared} structs compared`);
  },
});

function sizeOf({ type, count }: Field): number {
  return (typeof type === "string" ? SIZES[type] ?? 0 : type.size) * (count ?? 1);
}

function structOf(btf: Btf, name: string): ReturnType<Btf["struct"]> | null {
  try {
    return btf.struct(name);
  } catch {
    // Only user space uses it.
    return null;
  }
}

function hasTools(): boolean {
  return ["/usr/sbin/bpftool", "/usr/include/bpf/libbpf.h"].every((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}
