/**
 * A TCP server that counts what a connection brings until its end, and answers with the count.
 * Argument: port.
 */
async function serve(connection: Deno.Conn): Promise<void> {
  let bytes = 0;
  try {
    const buffer = new Uint8Array(65_536);
    for (let got = await connection.read(buffer); got !== null;) {
      bytes += got;
      got = await connection.read(buffer);
    }
    await connection.write(new TextEncoder().encode(`${bytes}`));
    connection.close();
  } catch {
    // A client that goes away is no news.
  }
}

for await (const connection of Deno.listen({ hostname: "::", port: Number(Deno.args[0]) })) {
  serve(connection);
}
