/**
 * `deno task test:trust`: what operators rely on, each with its figure; the last line is
 * `trust: C checks, P passed`. Arguments: names of checks, or parts of them; none: all.
 */
import { deepEqual } from "node:assert/strict";
import { closeLibraries } from "../ffi/libbpf/open.ts";
import { CHECKS } from "../tests/trust/checks.ts";
import { leftovers } from "../tests/trust/leftovers.ts";
import { ensureTools } from "./ensure_tools.ts";

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

await ensureTools(["clang", "ip", "ethtool", "iperf3", "ping"], say);
const chosen = CHECKS.filter(({ name }) =>
  Deno.args.length === 0 || Deno.args.some((word) => name.includes(word))
);
let passed = 0;
for (const { name, run } of chosen) {
  const before = leftovers();
  const begin = performance.now();
  try {
    const figure = await run(true);
    closeLibraries();
    deepEqual(leftovers(), before, "something was left behind");
    passed++;
    const seconds = ((performance.now() - begin) / 1000).toFixed(0);
    say(`ok      ${name}: ${figure}; nothing left behind (${seconds} s)`);
  } catch (error) {
    say(`FAILED  ${name}: ${error instanceof Error ? error.stack ?? error.message : error}`);
  }
}
say(`trust: ${chosen.length} checks, ${passed} passed`);
Deno.exit(passed === chosen.length ? 0 : 1);
