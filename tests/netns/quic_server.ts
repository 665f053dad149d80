/**
 * A QUIC server that answers each stream with its name and what it was sent.
 * Arguments: name, address, port, file of the certificate, file of its key.
 */
const [name = "", hostname = "", port = "", certFile = "", keyFile = ""] = Deno.args;
const [cert, key] = [Deno.readTextFileSync(certFile), Deno.readTextFileSync(keyFile)];

async function serve(connection: Deno.QuicConn): Promise<void> {
  try {
    for await (const { readable, writable } of connection.incomingBidirectionalStreams) {
      const text = await new Response(readable).text();
      const writer = writable.getWriter();
      await writer.write(new TextEncoder().encode(`${name} ${text}`));
      await writer.close();
    }
  } catch {
    // A client that goes away is no news.
  }
}

const endpoint = new Deno.QuicEndpoint({ hostname, port: Number(port) });
const listener = endpoint.listen({ cert, key, alpnProtocols: ["weir"] });
for (;;) serve(await listener.accept());
