import { equal, ok } from "node:assert/strict";
import { lockFile } from "../../cli/lock_file.ts";
import { formatConfig } from "../../core/config/format_config.ts";
import { parseConfig } from "../../core/config/parse_config.ts";
import { desiredOf } from "../../core/state/desired_of.ts";
import { vipKeyText } from "../../core/state/vip_key.ts";
import { KernelDataplane } from "../../ffi/kernel_dataplane.ts";
import { file, Machine } from "./machine.ts";

const CHILD = new URL("apply_child.ts", import.meta.url).pathname;

/**
 * Processes apply different files at once: between two commands the balancer is one of the files,
 * never a mixture, and in the end it is the last.
 *
 * @param full 8 processes for 30 s; else 3 for 3 s
 * @returns what was found, in one line
 */
export async function concurrency(full: boolean): Promise<string> {
  await using machine = new Machine("many");
  await machine.attach();
  const [processes, seconds] = full ? [8, 30] : [3, 3];
  const texts = Array.from({ length: processes }, (_, i) => fileOf(i + 1));
  const states = new Set(texts.map(canonical));
  const children = texts.map((text, i) =>
    new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", "--unstable-raw-imports", CHILD],
        ...[machine.balancer, machine.file(`${i}.yaml`, text), `${seconds}`],
      ],
      stdout: "piped",
      stderr: "piped",
    }).output()
  );
  const all = Promise.all(children);
  let looks = 0;
  const ended = { yes: false };
  const done = all.finally(() => ended.yes = true);
  while (!ended.yes) {
    if (await look(machine.balancer, states)) looks++;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  let applied = 0;
  for (const { code, stdout, stderr } of await done) {
    equal(code, 0, new TextDecoder().decode(stderr));
    applied += Number(new TextDecoder().decode(stdout));
  }
  ok(looks > 0, "no look between two commands");
  const last = machine.file("last.yaml", fileOf(processes + 1));
  await machine.run(`apply -f ${last} --yes`);
  equal(await machine.run(`plan -f ${last}`), "No changes\n");
  return `${processes} processes, ${applied} applies, ${looks} looks, 0 mixtures, ends as the last file`;
}

/** Whether there was a state to look at; it must be that of one file. */
async function look(balancer: string, states: ReadonlySet<string>): Promise<boolean> {
  using _lock = await lockFile(balancer, "a look", () => {});
  using dataplane = KernelDataplane.open(balancer);
  const state = dataplane.readState();
  equal(state.sequence % 2, 0, "a command left its changes half made");
  if (state.vips.size === 0) return false;
  const now = formatConfig({ balancer: {}, desired: desiredOf(state) });
  ok(states.has(now), `a mixture of files:\n${now}\nfiles:\n${[...states].join("\n")}`);
  return true;
}

function fileOf(number: number): string {
  const reals = Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`10.0.${number}.${i + 1}`, number + i]),
  );
  return file({ [number]: reals, 100: reals, 101: { "10.9.9.9": number } });
}

/** The file as an export would write it. */
function canonical(text: string): string {
  const result = parseConfig(text, "");
  if (!result.ok) throw new Error("The file of this check is wrong");
  const { vips } = result.config.desired;
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = vips.map((vip) => ({
    ...vip,
    members: vip.members.toSorted((a, b) => order(a.real.address.text, b.real.address.text)),
  })).sort((a, b) => order(vipKeyText(a.config), vipKeyText(b.config)));
  return formatConfig({ balancer: {}, desired: { vips: sorted } });
}
