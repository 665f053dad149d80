import { equal } from "node:assert/strict";
import { runCli } from "../../cli/run.ts";
import { FakeHost } from "./fake_host.ts";

/** Runs command lines on one host and writes down what they print. */
export class Shell {
  readonly host = new FakeHost();
  transcript = "";

  /**
   * Runs one command line.
   *
   * @param line words without the program, apart by spaces; "double quotes" keep some together
   * @returns the exit code
   */
  async run(line: string): Promise<number> {
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, "$1"));
    const { stdout, stderr } = this.host;
    stdout.text = "";
    stderr.text = "";
    const code = await runCli(words, this.host);
    this.transcript += `$ weir${line === "" ? "" : ` ${line}`}\n${stdout.text}`;
    this.transcript += stderr.text.replace(/^(?=.)/gm, "stderr: ");
    this.transcript += `(exit ${code})\n\n`;
    return code;
  }

  /** Puts a file on the host, and its text into the transcript. */
  file(path: string, text: string): void {
    this.host.files.set(path, text);
    this.transcript += `# ${path}\n${text.replace(/^(?=.)/gm, "| ")}\n`;
  }

  /** Says in the transcript what the test does between two commands. */
  note(text: string): void {
    this.transcript += `# ${text}\n`;
  }
}

/** A VIP for tests. */
export const VIP = "tcp 198.51.100.10:80";

/** Attaches a balancer with this VIP and two reals. */
export async function populate(shell: Shell): Promise<void> {
  await shell.run("attach eth0");
  await shell.run(`vip add ${VIP} --name www`);
  await shell.run(`real add ${VIP} 10.0.0.1 --weight 3 --name web1`);
  await shell.run(`real add ${VIP} fc00::2`);
}

/**
 * A test whose transcript must equal a file beside it: commands, exit codes, stdout and stderr.
 * `UPDATE_GOLDENS=1` writes the files anew; read the difference before you commit it.
 *
 * @param name of the test and of the file in goldens/
 * @param script runs commands
 */
export function golden(name: string, script: (shell: Shell) => Promise<void>): void {
  Deno.test(`golden: ${name}`, async () => {
    const shell = new Shell();
    await script(shell);
    const path = new URL(`goldens/${name}.txt`, import.meta.url);
    if (Deno.env.get("UPDATE_GOLDENS") === "1") await Deno.writeTextFile(path, shell.transcript);
    equal(shell.transcript, await Deno.readTextFile(path));
  });
}
