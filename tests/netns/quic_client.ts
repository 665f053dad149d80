/**
 * Opens QUIC connections one after the other, sends a question over each, twice, and prints the
 * answers as one line of JSON: [["real1 a", "real1 b"], ...].
 * Arguments: address, port, number of connections, file of the certificate.
 */
const [hostname = "", port = "", count = "", certFile = ""] = Deno.args;
const cert = Deno.readTextFileSync(certFile);
const TIMEOUT_MS = 5000;

async function ask(connection: Deno.QuicConn, question: string): Promise<string> {
  const { readable, writable } = await connection.createBidirectionalStream();
  const writer = writable.getWriter();
  await writer.write(new TextEncoder().encode(question));
  await writer.close();
  return await new Response(readable).text();
}

async function talk(index: number): Promise<readonly string[]> {
  // A socket of its own for each connection, of the family it needs.
  const local = hostname.includes(":") ? "::" : "0.0.0.0";
  const endpoint = new Deno.QuicEndpoint({ hostname: local, port: 0 });
  const connection = await Deno.connectQuic({
    endpoint,
    hostname,
    port: Number(port),
    serverName: "weir.test",
    alpnProtocols: ["weir"],
    caCerts: [cert],
  });
  const answers = [await ask(connection, `a${index}`)];
  // Packets of several sizes, all with the server's connection id.
  answers.push((await ask(connection, "b".repeat(20_000))).slice(0, 7));
  connection.close({ closeCode: 0, reason: "" });
  endpoint.close();
  return answers;
}

const answers: (readonly string[] | null)[] = [];
for (let index = 0; index < Number(count); index++) {
  const timeout = new Promise<null>((resolve) => setTimeout(resolve, TIMEOUT_MS, null));
  answers.push(await Promise.race([talk(index), timeout]));
}
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(answers)}\n`));
Deno.exit(0);
