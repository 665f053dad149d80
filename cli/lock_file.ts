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
  for (;;) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    try {
      if (!await file.tryLock(true)) {
        onWait(await holderOf(path));
        await file.lock(true);
      }
      // Who held it has removed it; another process may have made a new one.
      if (!await isStill(file, path)) {
        file.close();
        continue;
      }
      await file.truncate();
      await file.write(new TextEncoder().encode(`${Deno.pid} ${command}\n`));
    } catch (error) {
      file.close();
      throw error;
    }
    return {
      [Symbol.dispose]() {
        // While it is locked, so that it is ours to remove.
        Deno.removeSync(path);
        file.close();
      },
    };
  }
}

async function isStill(file: Deno.FsFile, path: string): Promise<boolean> {
  const [ours, there] = await Promise.all([file.stat(), Deno.stat(path).catch(() => null)]);
  return there !== null && there.ino === ours.ino && there.dev === ours.dev;
}

async function holderOf(path: string): Promise<string> {
  // It may be gone by now.
  const text = await Deno.readTextFile(path).catch(() => "");
  const [, pid, command] = /^(\d+) (.*)/.exec(text) ?? [];
  return pid === undefined ? "another command" : `"weir ${command}" (pid ${pid})`;
}
