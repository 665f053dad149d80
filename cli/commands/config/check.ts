import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { readConfig } from "../../read_config.ts";
import { show } from "../../show.ts";

/** `weir config check -f FILE` */
export async function checkCommand(
  host: Host,
  flags: { readonly json: boolean; readonly file: string },
): Promise<ExitCode> {
  const { desired } = await readConfig(host, flags.file);
  const reals = new Set(
    desired.vips.flatMap((vip) => vip.members.map(({ real }) => real.address.text)),
  );
  const data = { file: flags.file, vips: desired.vips.length, reals: reals.size };
  show(host, flags, "check", data, () => [
    `${data.file} is in order: ${count(data.vips, "VIP")}, ${count(data.reals, "real")}`,
  ]);
  return Exit.ok;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
