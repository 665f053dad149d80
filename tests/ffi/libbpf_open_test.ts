import assert from "node:assert/strict";
import { DataplaneError } from "../../ffi/errors.ts";
import { bpf } from "../../ffi/libbpf/bpf.h.ts";
import { btf } from "../../ffi/libbpf/btf.h.ts";
import { libbpfObject } from "../../ffi/libbpf/libbpf.h.ts";
import {
  closeLibraries,
  libbpf,
  type LibbpfSource,
  setLibbpfFallbacks,
} from "../../ffi/libbpf/open.ts";
import { findClang } from "../../scripts/build_bpf.ts";

const HOST = `/usr/lib/${Deno.build.arch}-linux-gnu/libbpf.so.1`;
const ZLIB = `/usr/lib/${Deno.build.arch}-linux-gnu/libz.so.1`;
const ignore = !exists(HOST) || !exists(ZLIB);
const NONE: LibbpfSource = { name: "none", paths: () => ["/nonexistent/libbpf.so.1"] };
const BUNDLED: LibbpfSource = { name: "bundled", paths: () => [ZLIB, HOST] };

Deno.test({
  name: "libbpf() takes the host's library, and asks for no other",
  ignore,
  fn: () => {
    using _restore = sources([{ name: "other", paths: () => assert.fail("asked") }], undefined);
    assert.ok(libbpf().libbpf_major_version() >= 1);
    assert.equal(libbpf(), libbpf());
  },
});

Deno.test({
  name: "libbpf() takes the fallback and what it depends on where the host has none",
  ignore,
  fn: () => {
    using _restore = sources([BUNDLED], [NONE]);
    assert.ok(libbpf().libbpf_major_version() >= 1);
  },
});

Deno.test({
  name: "libbpf() passes over a library that is too old",
  ignore,
  fn: async () => {
    using old = await OldLibrary.build();
    {
      using _restore = sources([BUNDLED], [old.source]);
      assert.ok(libbpf().libbpf_minor_version() >= 1);
    }
    using _restore = sources([], [old.source]);
    assert.throws(() => libbpf(), (error: unknown) => {
      assert.ok(error instanceof DataplaneError);
      assert.deepEqual(error.details, ['Cannot use "old": it is libbpf 1.0']);
      return true;
    });
  },
});

Deno.test("libbpf() says what to install", () => {
  using _restore = sources([], [NONE]);
  assert.throws(() => libbpf(), {
    message: 'Cannot open "libbpf.so.1": want version 1.1 or newer; ' +
      'install it with "apt-get install libbpf1"',
  });
});

function sources(
  fallbacks: readonly LibbpfSource[],
  host: readonly LibbpfSource[] | undefined,
): Disposable {
  closeLibraries();
  setLibbpfFallbacks(fallbacks, host);
  return {
    [Symbol.dispose]: () => {
      closeLibraries();
      setLibbpfFallbacks([]);
    },
  };
}

/** A library with all functions that we call, which says it is libbpf 1.0. */
class OldLibrary implements Disposable {
  readonly #directory = Deno.makeTempDirSync({ prefix: "weir-old-" });

  static async build(): Promise<OldLibrary> {
    const library = new OldLibrary();
    const names = Object.keys({ ...bpf, ...libbpfObject, ...btf });
    const body = (name: string) => name === "libbpf_major_version" ? 1 : 0;
    const code = names.map((name) => `long ${name}(void) { return ${body(name)}; }`).join("\n");
    Deno.writeTextFileSync(`${library.#directory}/old.c`, code);
    const { success, stderr } = await new Deno.Command(await findClang(), {
      args: ["-shared", "-fPIC", `${library.#directory}/old.c`, "-o", library.#path],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return library;
  }

  get source(): LibbpfSource {
    return { name: "old", paths: () => [this.#path] };
  }

  get #path(): string {
    return `${this.#directory}/old.so`;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#directory, { recursive: true });
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
