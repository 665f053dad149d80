import type { Namespace } from "./namespace.ts";
import { waitFor } from "./wait_for.ts";

/**
 * Starts nginx on port 80 of every address of the namespace; it answers with a name.
 *
 * @param namespace Where to listen; its end ends the server.
 * @param name The body of every answer.
 * @param folder An existing folder for nginx's files, one per server.
 */
export async function startWebServer(
  namespace: Namespace,
  name: string,
  folder: string,
): Promise<void> {
  const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join("\n");
  const config = `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
${temp}
  access_log off;
  server {
    listen 80;
    listen [::]:80 ipv6only=on;
    location / { default_type text/plain; return 200 "${name}\\n"; }
    location /data/ { alias ${folder}/data/; }
  }
}
`;
  await Deno.mkdir(`${folder}/data`, { recursive: true });
  await Deno.writeTextFile(`${folder}/nginx.conf`, config);
  namespace.spawn([
    "nginx",
    "-p",
    folder,
    "-e",
    `${folder}/error.log`,
    "-c",
    `${folder}/nginx.conf`,
  ]);
  await waitFor(`nginx of ${name}`, async () => {
    const { code } = await namespace.capture([
      "curl",
      "-sf",
      "-o",
      "/dev/null",
      "http://127.0.0.1/",
    ]);
    return code === 0;
  });
}
