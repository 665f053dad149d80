import type { Namespace } from "../../scripts/lab/namespace.ts";
import { waitFor } from "../../scripts/lab/wait_for.ts";

const script = (name: string) => new URL(name, import.meta.url).pathname;
const DENO = [Deno.execPath(), "run", "-A", "--quiet", "--no-config"] as const;

/** Starts a server on every address of the namespace that answers lines with a name. */
export async function startLineServer(
  namespace: Namespace,
  name: string,
  port: number,
): Promise<void> {
  namespace.spawn([...DENO, script("line_server.ts"), name, `${port}`]);
  await waitFor(`line server of ${name}`, async () => {
    const { stdout } = await namespace.capture(["ss", "-ltnH", "sport", "=", `:${port}`]);
    return stdout.trim() !== "";
  });
}

/** TCP connections of a namespace that stay open, in a process of their own. */
export class Connections implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<string>;
  #rest = "";

  /** @param namespace Where the connections come from. */
  constructor(namespace: Namespace) {
    this.#child = namespace.spawn([...DENO, script("line_client.ts")], {
      stdin: "piped",
      stdout: "piped",
    });
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Opens connections one after the other; returns how many could not be opened. */
  async open(host: string, port: number, count: number): Promise<number> {
    const { failed } = await this.#command(`open ${host} ${port} ${count}`);
    return Number(failed);
  }

  /** Who answers on each connection; null: it is broken. */
  async ask(): Promise<readonly (string | null)[]> {
    const { answers } = await this.#command("ask");
    return answers as readonly (string | null)[];
  }

  async #command(line: string): Promise<Readonly<Record<string, unknown>>> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#output.read();
      if (done) throw new Error("The client process ended");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const answer = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return JSON.parse(answer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#output.cancel();
    await this.#child.status;
  }
}
