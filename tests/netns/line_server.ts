/**
 * A TCP server that answers each line with its name and the line.
 * Arguments: name, port.
 */
const [name = "", port = ""] = Deno.args;

async function serve(connection: Deno.Conn): Promise<void> {
  const writer = connection.writable.getWriter();
  const encoder = new TextEncoder();
  let rest = "";
  try {
    for await (const text of connection.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) await writer.write(encoder.encode(`${name} ${line}\n`));
    }
  } catch {
    // A client that goes away is no news.
  }
}

const listeners = ["0.0.0.0", "::"].map((hostname) =>
  Deno.listen({ hostname, port: Number(port) })
);
await Promise.all(listeners.map(async (listener) => {
  for await (const connection of listener) serve(connection);
}));
