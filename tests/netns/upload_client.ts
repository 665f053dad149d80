/**
 * Sends bytes over TCP and prints how many arrived, as the server says.
 * Arguments: address, port, bytes, seconds to wait before giving up with exit code 1.
 */
const [hostname = "", port = "", bytes = "", seconds = ""] = Deno.args;
setTimeout(() => Deno.exit(1), Number(seconds) * 1000);
const connection = await Deno.connect({ hostname, port: Number(port) });
const writer = connection.writable.getWriter();
await writer.write(new Uint8Array(Number(bytes)));
await connection.closeWrite();
await Deno.stdout.write(new Uint8Array(await new Response(connection.readable).arrayBuffer()));
Deno.exit(0);
