/** Call chains fit into the stack that 5.10 and 6.1 allow: found here, without a guest. */
import assert from "node:assert/strict";
import { bpfObject } from "../support/bpf_objects.ts";
import { deepestChain } from "./call_chains.ts";

const STACK = 512;
const DISASSEMBLER = "llvm-objdump-19";
const PROGRAMS: readonly (readonly [string, string])[] = [
  ["lb", "weir_lb"],
  ["lb", "weir_lb_inner"],
  ["decap", "weir_decap"],
  ["probe", "weir_probe"],
];

const EXAMPLE = `
0000000000000000 <leaf>:
       0:	exit
0000000000000008 <middle>:
       1:	*(u64 *)(r10 - 0x28) = r1
       2:	call -0x1
		0000000000000010:  R_BPF_64_32	leaf
0000000000000018 <main>:
       3:	r2 = r10
       4:	r2 += -0x41
       5:	call 0x1
0000000000000030 <LBB1_2>:
       6:	call -0x1
		0000000000000030:  R_BPF_64_32	leaf
       7:	call -0x1
		0000000000000038:  R_BPF_64_32	middle
`;

Deno.test("deepestChain() rounds every frame up and takes the deepest call", () => {
  assert.deepEqual(deepestChain(EXAMPLE, "main"), {
    names: ["main 96", "middle 64", "leaf 32"],
    bytes: 192,
  });
  assert.throws(() => deepestChain(EXAMPLE, "none"), /Cannot find function "none"/);
});

for (const [object, program] of PROGRAMS) {
  Deno.test({
    name: `${program}: its call chains fit into the stack of Linux 5.10`,
    ignore: !hasDisassembler(),
    fn: async () => {
      const { names, bytes } = deepestChain(await disassemble(object), program);
      assert.ok(bytes <= STACK, `${names.join(" + ")} = ${bytes} bytes`);
    },
  });
}

function hasDisassembler(): boolean {
  try {
    return new Deno.Command(DISASSEMBLER, { args: ["--version"] }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function disassemble(object: string): Promise<string> {
  const file = await Deno.makeTempFile({ suffix: ".o" });
  await Deno.writeFile(file, await bpfObject(object));
  const args = ["-d", "-r", "--no-show-raw-insn", file];
  const { stdout } = await new Deno.Command(DISASSEMBLER, { args }).output();
  await Deno.remove(file);
  return new TextDecoder().decode(stdout);
}
