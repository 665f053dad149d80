import { buildBpf } from "../../scripts/build_bpf.ts";

const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
let built: Promise<unknown> | undefined;

/**
 * A compiled program, of the sources as they are now.
 *
 * @param name As in `bpf/<name>.bpf.c`.
 * @returns The ELF file.
 * @throws {Error} When it does not compile.
 */
export async function bpfObject(name: string): Promise<Uint8Array> {
  built ??= buildBpf(ROOT);
  await built;
  return Deno.readFileSync(`${ROOT}/dist/bpf/${name}.bpf.o`);
}
