import type { Dataplane } from "../../../core/dataplane.ts";
import { rates } from "../../../core/metrics/rates.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { Host } from "../../host.ts";
import { jsonDocument } from "../../json.ts";
import { openBalancer } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { viewOptions } from "../../show.ts";
import { LiveBlock } from "../../term/live.ts";
import { type RatesData, ratesData, ratesLines } from "../../views/rates.ts";

/** Flags of `weir watch`. */
export interface WatchFlags extends CommonFlags {
  /** Seconds. */
  readonly interval: number;
  readonly count?: number;
  readonly jsonl: boolean;
}

/** `weir watch`: redraws on a terminal, prints one block after the other elsewhere. */
export async function watchCommand(host: Host, flags: WatchFlags): Promise<ExitCode> {
  using dataplane = await openBalancer(host, flags.balancer);
  if (flags.json || flags.jsonl) {
    const indent = flags.jsonl ? 0 : 2;
    await look(host, flags, dataplane, (data) => {
      host.stdout.write(jsonDocument("rates", { ...data }, indent));
    });
  } else if (host.screen().isTerminal) {
    using block = new LiveBlock(host.stdout, () => host.screen());
    await look(host, flags, dataplane, (data) => block.draw(ratesLines(data, viewOptions(host))));
  } else {
    await look(host, flags, dataplane, (data) => {
      host.stdout.write(`${ratesLines(data, viewOptions(host)).join("\n")}\n\n`);
    });
  }
  return Exit.ok;
}

async function look(
  host: Host,
  { interval, count }: WatchFlags,
  dataplane: Dataplane,
  print: (data: RatesData) => void,
): Promise<void> {
  const signal = host.interrupted();
  let before = dataplane.readSample();
  for (let looks = 0; looks < (count ?? Infinity); looks++) {
    await host.clock.sleep(interval * 1000, signal);
    if (signal.aborted || host.stdout.failed === true) return;
    const after = dataplane.readSample();
    print(ratesData(dataplane.readState(), rates(before, after), host.clock.now()));
    before = after;
  }
}
