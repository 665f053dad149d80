/**
 * `deno task test:fixtures [--dir DIR]`: katran's packet suites through weir's programs. A line
 * `suite: passed/total` each; differences, decoded, in front of it. Exit code 1 if a case fails.
 */
import { FIXTURES, readSuites } from "../tests/support/fixtures/read_suites.ts";
import { runSuite } from "../tests/support/fixtures/run_suite.ts";
import { ensureTools } from "./ensure_tools.ts";

const say = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

/** Reads `--dir DIR`; relative to where the task was called. */
function directoryOf(args: readonly string[]): string {
  const [name = "", value] = args.flatMap((arg) => arg.split(/(?<=^--dir)=/));
  if (args.length === 0) return FIXTURES;
  if (name !== "--dir" || value === undefined || args.length > 2) {
    throw new Error(`Cannot read "${args.join(" ")}", expected --dir DIR`);
  }
  return value.startsWith("/") ? value : `${Deno.env.get("INIT_CWD") ?? Deno.cwd()}/${value}`;
}

async function main(args: readonly string[]): Promise<number> {
  const directory = directoryOf(args);
  const found = readSuites(directory);
  if (found === null) {
    say(`No fixtures: "${directory}" is missing, nothing was tested`);
    return 0;
  }
  await ensureTools(["clang"], say);
  let failed = found.suites.length === 0;
  for (const name of found.others) say(`${name}: holds no cases, left out`);
  if (failed) say(`No fixtures: "${directory}" holds no suite`);
  for (const suite of found.suites) {
    const { failures, notes, passed, total } = await runSuite(suite);
    for (const text of failures) say(`${suite.name}, ${text}\n`);
    for (const text of notes) say(`${suite.name}: note: ${text}`);
    say(`${suite.name}: ${passed}/${total}`);
    failed ||= passed !== total;
  }
  return failed ? 1 : 0;
}

Deno.exit(await main(Deno.args));
