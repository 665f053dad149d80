/** Applies a file again and again, as a process of its own. Arguments: balancer, file, seconds. */
import { denoHost } from "../../cli/deno_host.ts";
import { runCli } from "../../cli/run.ts";

const [balancer = "", path = "", seconds = "1"] = Deno.args;
const errors: string[] = [];
const quiet = { write: () => {} };
const host = {
  ...denoHost(),
  stdout: quiet,
  stderr: { write: (text: string) => errors.push(text) },
};
const end = Date.now() + 1000 * Number(seconds);
let applied = 0;
while (Date.now() < end) {
  const code = await runCli(["apply", "-f", path, "--yes", "--balancer", balancer], host);
  if (code !== 0) {
    await Deno.stderr.write(new TextEncoder().encode(errors.join("")));
    Deno.exit(code);
  }
  errors.length = 0;
  applied++;
}
await Deno.stdout.write(new TextEncoder().encode(`${applied}`));
