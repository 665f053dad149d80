import { equal, rejects } from "node:assert/strict";
import { readText } from "./read_text.ts";

function streamOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks);
}

Deno.test("readText() puts characters together that were cut apart", async () => {
  const bytes = new TextEncoder().encode("vips: ü");
  equal(await readText(streamOf(bytes.subarray(0, 7), bytes.subarray(7))), "vips: ü");
});

Deno.test("readText() gives up on what has no end", async () => {
  const chunk = new Uint8Array(2 ** 19);
  await rejects(readText(streamOf(chunk, chunk, chunk), 2 ** 20), {
    message: "It is larger than 1 MiB",
  });
});
