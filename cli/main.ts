import { denoHost } from "./deno_host.ts";
import { runCli } from "./run.ts";

Deno.exit(await runCli(Deno.args, denoHost()));
