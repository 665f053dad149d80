/** Classic pcap: magic, version 2.4, microseconds, little endian, Ethernet. */
const MAGIC = 0xa1b2c3d4;
const LINK_ETHERNET = 1;
const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;

/**
 * The beginning of a pcap file.
 *
 * @param snapLength most bytes that a record keeps of its frame
 */
export function pcapHeader(snapLength: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(FILE_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, LINK_ETHERNET, true);
  return header;
}

/**
 * One frame in a pcap file.
 *
 * @param at Unix time, ms
 * @param bytes what was kept of the frame
 * @param frameBytes length of the whole frame
 */
export function pcapRecord(
  at: number,
  bytes: Uint8Array,
  frameBytes: number,
): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(RECORD_HEADER_BYTES + bytes.length);
  const view = new DataView(record.buffer);
  view.setUint32(0, Math.floor(at / 1000), true);
  view.setUint32(4, Math.floor(at % 1000 * 1000), true);
  view.setUint32(8, bytes.length, true);
  view.setUint32(12, frameBytes, true);
  record.set(bytes, RECORD_HEADER_BYTES);
  return record;
}
