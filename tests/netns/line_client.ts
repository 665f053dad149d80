/**
 * Holds TCP connections open and says on request who answers on them. Reads commands from standard
 * input, one a line, and answers each with one line of JSON:
 *
 *   open HOST PORT COUNT   -> { "open": COUNT, "failed": N }
 *   ask                    -> { "answers": ["real1", null, ...] } by connection, null: broken
 */
const TIMEOUT_MS = 5000;
const encoder = new TextEncoder();

class Held {
  readonly #connection: Deno.Conn;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
    this.#lines = connection.readable.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Who answers, or null if nobody does. */
  async ask(question: string): Promise<string | null> {
    try {
      await this.#connection.write(encoder.encode(`${question}\n`));
      const timeout = new Promise<never>((_, reject) => setTimeout(reject, TIMEOUT_MS));
      const line = await Promise.race([this.#line(), timeout]);
      const [name = "", echoed] = line.split(" ");
      return echoed === question ? name : null;
    } catch {
      return null;
    }
  }

  async #line(): Promise<string> {
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error("Closed");
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }
}

const held: Held[] = [];
let question = 0;

async function open(hostname: string, port: number, count: number): Promise<unknown> {
  let failed = 0;
  for (let i = 0; i < count; i++) {
    try {
      held.push(new Held(await Deno.connect({ hostname, port })));
    } catch {
      failed++;
    }
  }
  return { open: held.length, failed };
}

async function answer(command: string): Promise<unknown> {
  const [verb, host = "", port, count] = command.split(" ");
  if (verb === "open") return await open(host, Number(port), Number(count));
  question++;
  return { answers: await Promise.all(held.map((one) => one.ask(`q${question}`))) };
}

let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) {
    await Deno.stdout.write(encoder.encode(`${JSON.stringify(await answer(line))}\n`));
  }
}
Deno.exit(0);
