import { pcapHeader, pcapRecord } from "../../../core/packet/pcap.ts";
import { CliError } from "../../errors.ts";
import { Exit, type ExitCode } from "../../exit.ts";
import type { ByteSink, EventSource, Host } from "../../host.ts";
import { jsonDocument } from "../../json.ts";
import { notAttached, requireRoot } from "../../open_balancer.ts";
import type { CommonFlags } from "../../parameters.ts";
import { eventData, eventLine } from "../../views/events.ts";

/** Flags of `weir events`. */
export interface EventsFlags extends CommonFlags {
  readonly jsonl: boolean;
  readonly pcap?: string;
  readonly count?: number;
}

/** Between two looks into the buffers, ms. */
const PAUSE = 50;

/** `weir events`: prints packets of interest until interrupted or `--count` are there. */
export async function eventsCommand(host: Host, flags: EventsFlags): Promise<ExitCode> {
  requireRoot(host);
  const { balancer } = flags;
  const attachment = await host.describe(balancer);
  if (attachment === null) throw notAttached(balancer);
  if (!attachment.settings.events) {
    throw new CliError(
      `Balancer "${balancer}" is attached without events`,
      "turn them on with: weir upgrade --events",
    );
  }
  using file = flags.pcap === undefined ? null : await host.createFile(flags.pcap);
  using source = await host.events(balancer);
  file?.write(pcapHeader(source.snapLength));
  await follow(host, flags, source, file);
  const lost = source.lost();
  if (lost > 0n) host.stderr.write(`weir: ${lost} events were lost: they came too fast\n`);
  return Exit.ok;
}

async function follow(
  host: Host,
  flags: EventsFlags,
  source: EventSource,
  file: ByteSink | null,
): Promise<void> {
  const signal = host.interrupted();
  let left = flags.count ?? Infinity;
  while (left > 0 && !signal.aborted && host.stdout.failed !== true) {
    for (const sample of source.read().slice(0, left)) {
      const at = host.clock.now();
      const data = eventData(flags.balancer, at, sample);
      file?.write(pcapRecord(at, sample.bytes, sample.frameBytes));
      if (flags.json || flags.jsonl) {
        host.stdout.write(jsonDocument("event", { ...data }, flags.jsonl ? 0 : 2));
      } else host.stdout.write(`${eventLine(data)}\n`);
      left--;
    }
    if (left > 0) await host.clock.sleep(PAUSE, signal);
  }
}
