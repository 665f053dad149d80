import { denoHost } from "./deno_host.ts";
import { runCli } from "./run.ts";

const host = denoHost();
const code = await runCli(Deno.args, host);
Deno.exit(host.stdout.exitCode(code, host.stderr));
