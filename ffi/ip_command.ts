import { DataplaneError } from "./errors.ts";

/**
 * Asks iproute2.
 *
 * @param args Words after `ip -j`.
 * @returns What it lists.
 * @throws {DataplaneError} When it is not installed, or refuses.
 */
export async function ip<T>(args: readonly string[]): Promise<readonly T[]> {
  const command = new Deno.Command("ip", { args: ["-j", ...args] });
  const { success, stdout, stderr } = await command.output().catch((cause) => {
    throw new DataplaneError({
      action: "run",
      object: "ip",
      errno: null,
      hint: 'install it with "apt-get install iproute2"',
    }, { cause });
  });
  if (!success) {
    const reason = new TextDecoder().decode(stderr).trim();
    const action = `ask "ip ${args.join(" ")}"`;
    throw new DataplaneError({ action, object: null, errno: null, reason, hint: null });
  }
  // Without entries ip prints nothing at all, or "[]".
  return JSON.parse(new TextDecoder().decode(stdout).trim() || "[]");
}
