const DIRECTORY = "/run/weir";

/**
 * Takes the lock of a balancer, `/run/weir/<balancer>.lock`; the kernel gives it up when the process
 * ends, however it ends. The file says who holds it.
 *
 * @param balancer name of the balancer
 * @param command what to tell others that wait
 * @param onWait called once with who holds the lock, if it is not free
 * @param directory where lock files are
 */
export async function lockFile(
  balancer: string,
  command: string,
  onWait: (holder: string) => void,
  directory: string = DIRECTORY,
): Promise<Disposable> {
  await Deno.mkdir(directory, { recursive: true });
  const path = `${directory}/${balancer}.lock`;
  const file = await Deno.open(path, { read: true, write: true, create: true });
  try {
    if (!await file.tryLock(true)) {
      onWait(await holderOf(path));
      await file.lock(true);
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid} ${command}\n`));
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    [Symbol.dispose]() {
      // Emptied, not removed: another process may already wait on this very file.
      file.truncateSync();
      file.close();
    },
  };
}

async function holderOf(path: string): Promise<string> {
  const [, pid, command] = /^(\d+) (.*)/.exec(await Deno.readTextFile(path)) ?? [];
  return pid === undefined ? "another command" : `"weir ${command}" (pid ${pid})`;
}
