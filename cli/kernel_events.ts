import { EVENT_CAPTURE, EventKind } from "../ffi/abi.gen.ts";
import { EventReader } from "../ffi/event_reader.ts";
import { KernelDataplane } from "../ffi/kernel_dataplane.ts";
import { Pins } from "../ffi/pins.ts";
import type { EventSource } from "./host.ts";

/** Bytes of a frame that an event keeps. */
export const SNAP_LENGTH = EVENT_CAPTURE;

const KINDS: Readonly<Record<number, string>> = {
  [EventKind.EVENT_UNKNOWN_FLOW]: "unknown-flow",
  [EventKind.EVENT_TOO_BIG]: "too-big",
  [EventKind.EVENT_UNKNOWN_SERVER]: "unknown-server",
};

/**
 * Lets a balancer emit events until disposed.
 *
 * @param balancer an attached balancer whose settings have events
 */
export function openEvents(balancer: string): EventSource {
  using open = new DisposableStack();
  const { maps } = open.use(KernelDataplane.open(balancer));
  const map = open.use(new Pins(balancer).openMap("events"));
  const reader = open.use(new EventReader(map));
  open.defer(() => maps.host.set({ events_on: 0 }));
  maps.host.set({ events_on: 1 });
  const kept = open.move();
  return {
    snapLength: SNAP_LENGTH,
    read: () =>
      reader.read().map(({ kind, ...rest }) => ({ kind: KINDS[kind] ?? `${kind}`, ...rest })),
    lost: () => reader.lost,
    [Symbol.dispose]: () => kept[Symbol.dispose](),
  };
}
