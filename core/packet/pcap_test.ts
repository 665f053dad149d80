import { equal } from "node:assert/strict";
import { pcapHeader, pcapRecord } from "./pcap.ts";

Deno.test("pcapHeader() is that of a classic little-endian Ethernet capture", () => {
  equal(pcapHeader(128).toHex(), "d4c3b2a1020004000000000000000000" + "8000000001000000");
});

Deno.test("pcapRecord() splits the time and keeps the length of the whole frame", () => {
  const record = pcapRecord(1_700_000_000_123.456, Uint8Array.of(1, 2, 3), 60);
  const view = new DataView(record.buffer);
  const words = [0, 4, 8, 12].map((at) => view.getUint32(at, true));
  equal(words.join(), "1700000000,123456,3,60");
  equal(record.subarray(16).toHex(), "010203");
});
