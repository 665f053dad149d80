/**
 * `deno task test`: builds, checks, runs every test, and ends with `N passed, N failed`.
 * (Not named test.ts: `deno test` would take it for a test and run it within itself.)
 * Arguments are handed to `deno test`; with arguments the checks are left out.
 */
import { ensureTools } from "./ensure_tools.ts";

const write = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));
const say = (line: string) => write(`${line}\n`);

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

/** Runs deno with the arguments; output goes to the screen as it comes, and is returned. */
async function deno(args: readonly string[]): Promise<{ success: boolean; output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const copy = async (stream: ReadableStream<Uint8Array>) => {
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      output += chunk;
      write(chunk);
    }
  };
  const [status] = await Promise.all([child.status, copy(child.stdout), copy(child.stderr)]);
  return { success: status.success, output };
}

async function check(name: string, args: readonly string[]): Promise<Outcome> {
  say(`== ${name}`);
  const { success } = await deno(args);
  say(`== ${name}: ${success ? "ok" : "FAILED"}`);
  return { passed: success ? 1 : 0, failed: success ? 0 : 1 };
}

/** Reads deno's summary, `ok | 12 passed (3 steps) | 1 failed | 2 ignored (1s)`. */
function summary(output: string, success: boolean): Outcome {
  const line = output.split("\n").findLast((text) => /^(ok|FAILED) \| /.test(text)) ?? "";
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  const failed = number("failed");
  // A crash or a type error leaves no summary, a leak no failed test: neither may look green.
  return { passed: number("passed"), failed: success ? failed : Math.max(failed, 1) };
}

async function main(args: readonly string[]): Promise<number> {
  await ensureTools([
    "clang",
    "strip",
    "bpftool",
    "ip",
    "ethtool",
    "curl",
    "nginx",
    "openssl",
    "ping",
    "iperf3",
  ], say);
  const outcomes: Outcome[] = [];
  outcomes.push(await check("build", ["run", "-A", "scripts/build_bpf.ts"]));
  if (args.length === 0) {
    outcomes.push(await check("format", ["fmt", "--check", "--quiet"]));
    outcomes.push(await check("lint", ["lint", "--quiet"]));
    outcomes.push(await check("types", ["check", "--quiet", "."]));
    outcomes.push(await check("generated", ["run", "-A", "scripts/gen_abi.ts", "--check"]));
  }
  say("== tests");
  const { success, output } = await deno(["test", "-A", "--quiet", ...args]);
  outcomes.push(summary(output, success));
  const total = (key: keyof Outcome) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
  say(`${total("passed")} passed, ${total("failed")} failed`);
  return total("failed") === 0 ? 0 : 1;
}

Deno.exit(await main(Deno.args));
