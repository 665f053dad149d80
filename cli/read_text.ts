/** Largest file that is read, bytes: a configuration of 10,000 VIPs has some 3 MiB. */
const LIMIT = 16 * 2 ** 20;

/**
 * Reads a stream to its end.
 *
 * @param stream a file, or stdin
 * @param limit bytes
 * @throws {RangeError} if it goes on beyond the limit, as /dev/zero does
 */
export async function readText(
  stream: ReadableStream<Uint8Array>,
  limit: number = LIMIT,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > limit) throw new RangeError(`It is larger than ${limit / 2 ** 20} MiB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
