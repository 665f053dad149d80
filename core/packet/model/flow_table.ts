import type { Family } from "../../addr/types.ts";
import type { FlowEntry } from "../../state/types.ts";
import { toHex } from "../bytes.ts";

/** `struct flow_key`. */
export interface FlowKey {
  readonly vip: number;
  readonly family: Family;
  /** 16 bytes in map order. */
  readonly source: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** CIDR VIPs: fold of the destination, else 0. */
  readonly destination: number;
}

/** An entry found; `lastSeen` in ticks. */
export interface KnownFlow {
  readonly real: number;
  readonly lastSeen: number;
}

/** Flows by key; the least recently used one leaves a table that is full. */
export class FlowTable {
  readonly #size: number;
  readonly #entries = new Map<string, FlowEntry>();

  /** @param size Entries; without it the table never forgets. */
  constructor(size = Number.POSITIVE_INFINITY) {
    this.#size = size;
  }

  /** The entry of a flow, or null. */
  find(key: FlowKey): KnownFlow | null {
    const text = keyText(key);
    const entry = this.#entries.get(text);
    if (entry === undefined) return null;
    this.#entries.delete(text);
    this.#entries.set(text, entry);
    return entry;
  }

  /** Enters the flow or overwrites its entry. */
  put(key: FlowKey, real: number, lastSeen: number): void {
    const text = keyText(key);
    const { vip, family, source, sourcePort, destinationPort } = key;
    this.#entries.delete(text);
    this.#entries.set(text, { vip, family, source, sourcePort, destinationPort, real, lastSeen });
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size > this.#size) this.#entries.delete(oldest);
  }

  /** All entries, least recently used first. */
  entries(): Iterable<FlowEntry> {
    return this.#entries.values();
  }
}

function keyText(key: FlowKey): string {
  const { vip, sourcePort, destinationPort, destination } = key;
  return `${vip}/${toHex(key.source)}/${sourcePort}/${destinationPort}/${destination}`;
}
