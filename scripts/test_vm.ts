/**
 * `deno task test:vm [kernel lines]`: boots Debian's kernels under QEMU one after the other, runs
 * the tests below in each, and ends with `vm: K kernels, P passed`.
 *
 * Software emulation, so it takes minutes and is not in CI. `WEIR_VM_ACCEL=kvm` is for machines
 * with real VMX or SVM. Kernels are kept in `WEIR_VM_CACHE` (~/.cache/weir-vm).
 */
import { buildBpf } from "./build_bpf.ts";
import { ensureTools } from "./ensure_tools.ts";
import { boot } from "./vm/boot.ts";
import { fetchKernel, type Kernel } from "./vm/fetch_kernel.ts";
import { KERNELS } from "./vm/kernels.ts";
import { PrivateApt } from "./vm/private_apt.ts";
import { type TestSummary, testSummary } from "./vm/test_summary.ts";

const ROOT = new URL("..", import.meta.url).pathname.replace(/\/$/, "");
/** What to run, and how `deno test` shall report it: hundreds of packets are dots. Of the packet
 * tests those that a kernel can make a difference to; the others would only take their time. */
const TESTS: readonly (readonly [string, readonly string[]])[] = [
  ["pretty", ["tests/vm", "tests/netns/probe_test.ts"]],
  [
    "dot",
    ["fixtures", "verdicts", "load", "decap_program", "probe_program"]
      .map((name) => `tests/packet/${name}_test.ts`),
  ],
];
const TIMEOUT_MS = 30 * 60 * 1000;

const write = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));
const say = (line: string) => void write(`${line}\n`);

/** Runs in the guest. Types were checked on the host; nothing can be fetched there. */
function guestScript(line: string): string {
  const home = Deno.env.get("HOME") ?? "/root";
  const env = {
    WEIR_VM: line,
    NO_COLOR: "1",
    DENO_DIR: Deno.env.get("DENO_DIR") ?? `${home}/.cache/deno`,
  };
  const exports = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`);
  const command = `'${Deno.execPath()}' test -A --no-check --cached-only`;
  const tests = TESTS.map(([reporter, paths]) =>
    `${command} --reporter=${reporter} ${paths.join(" ")} || code=1\n`
  );
  return `${exports.join("")}cd '${ROOT}' || exit\n${tests.join("")}exit \${code:-0}\n`;
}

/** A run that ends without numbers is a failure. */
async function testOn(kernel: Kernel): Promise<TestSummary> {
  const lines: string[] = [];
  try {
    const code = await boot({
      kernel,
      script: guestScript(kernel.line),
      say: (line) => {
        lines.push(line);
        if (line !== ".") say(`${kernel.line.padEnd(4)} | ${line}`);
      },
      timeoutMs: TIMEOUT_MS,
      accel: Deno.env.get("WEIR_VM_ACCEL") ?? "tcg",
    });
    const { passed, failed, ignored } = testSummary(lines) ?? { passed: 0, failed: 1, ignored: 0 };
    return { passed, ignored, failed: Math.max(failed, code === 0 ? 0 : 1) };
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return { passed: testSummary(lines)?.passed ?? 0, failed: 1, ignored: 0 };
  }
}

async function main(kernels: readonly string[]): Promise<number> {
  if (Deno.uid() !== 0) throw new Error("Cannot share files with guests: run as root");
  await ensureTools(["clang", "strip", "ip", "ethtool", "curl", "nginx", "ping"], say);
  await ensureTools(["qemu", "busybox", "depmod", "xz"], say);
  await buildBpf(ROOT);
  const cache = Deno.env.get("WEIR_VM_CACHE") ??
    `${Deno.env.get("HOME") ?? "/root"}/.cache/weir-vm`;
  const apt = new PrivateApt(`${cache}/apt`);
  let passed = 0, failed = 0;
  for (const line of kernels) {
    const started = performance.now();
    const kernel = await fetchKernel(line, `${cache}/kernels`, apt, say);
    say(`== ${line}: ${kernel.release}`);
    const outcome = await testOn(kernel);
    passed += outcome.passed;
    failed += outcome.failed;
    const seconds = Math.round((performance.now() - started) / 1000);
    const ignored = outcome.ignored === 0 ? "" : `, ${outcome.ignored} ignored`;
    say(`== ${line}: ${outcome.passed} passed, ${outcome.failed} failed${ignored} (${seconds} s)`);
  }
  say(`vm: ${kernels.length} kernels, ${passed} passed${failed === 0 ? "" : `, ${failed} failed`}`);
  return failed === 0 ? 0 : 1;
}

Deno.exit(await main(Deno.args.length === 0 ? KERNELS : Deno.args));
