/**
 * Waits for a condition instead of a time.
 *
 * @param what Named in the error.
 * @param condition Asked until it holds; an exception counts as "not yet".
 * @param seconds How long to ask.
 * @throws {Error} If it does not come true in time.
 */
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  seconds = 10,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      if (await condition()) return;
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited ${seconds} s in vain for ${what}`, { cause });
}
