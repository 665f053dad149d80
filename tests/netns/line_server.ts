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

// Both families: the wildcard of IPv6 takes IPv4 connections too.
for await (const connection of Deno.listen({ hostname: "::", port: Number(port) })) {
  serve(connection);
}
