import { equalBytes, toHex } from "./bytes.ts";
import { decode, type DecodedLayer } from "./decode.ts";
import { GUE_PORT } from "./protocol.ts";

/** Bytes of a payload that a difference shows. */
const SHOWN_BYTES = 16;

/**
 * Says how two frames differ, field by field, one difference a line.
 *
 * @param guePort UDP destination port behind which IP follows.
 * @returns Empty if the frames are the same.
 *
 * @example
 * ```ts
 * import { match } from "node:assert/strict";
 * import { packet } from "./build.ts";
 *
 * const ip = { source: "10.0.0.1", destination: "10.0.0.2" };
 * const frame = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
 * const text = explainDifference(frame.ipv4(ip).bytes(), frame.ipv4({ ...ip, ttl: 1 }).bytes());
 * match(text, /^ipv4 ttl: expected 64, actual 1$/m);
 * ```
 */
export function explainDifference(
  expected: Uint8Array,
  actual: Uint8Array,
  guePort: number = GUE_PORT,
): string {
  if (equalBytes(expected, actual)) return "";
  const wanted = decode(expected, guePort);
  const found = decode(actual, guePort);
  const lines: string[] = [];
  if (expected.length !== actual.length) {
    lines.push(`length: expected ${expected.length} bytes, actual ${actual.length}`);
  }
  if (stack(wanted) !== stack(found)) {
    lines.push(`layers: expected ${stack(wanted)}, actual ${stack(found)}`);
  }
  for (const [index, layer] of wanted.entries()) {
    const other = found[index];
    if (other?.name !== layer.name) break; // from here on fields do not correspond
    lines.push(...layerDifferences(layer, other, place(layer, wanted)));
  }
  return [...lines, firstByte(expected, actual)].join("\n");
}

/** Last line of every difference: some bits belong to no field. */
function firstByte(expected: Uint8Array, actual: Uint8Array): string {
  let at = 0;
  while (at < expected.length && expected[at] === actual[at]) at++;
  const [wanted, found] = [expected, actual].map((frame) => toHex(frame.subarray(at, at + 1)));
  return `byte ${at} of the frame: expected ${wanted || "nothing"}, actual ${found || "nothing"}`;
}

/** Where a layer stands, in words: `outer ipv4`, `inner udp`; plain if there is one IP header. */
function place({ name, depth }: DecodedLayer, layers: readonly DecodedLayer[]): string {
  const deepest = Math.max(...layers.map((layer) => layer.depth));
  if (deepest === 0 || name === "ethernet" || name === "vlan") return name;
  const nesting = depth === 0 ? "outer" : depth === 1 ? "inner" : `inner ${depth}`;
  return `${nesting} ${name}`;
}

function stack(layers: readonly DecodedLayer[]): string {
  return layers.map((layer) => place(layer, layers)).join(" / ");
}

function layerDifferences(
  expected: DecodedLayer,
  actual: DecodedLayer,
  where: string,
): readonly string[] {
  if (expected.name === "payload") return payloadDifference(expected, actual, where);
  const names = new Set([...expected.fields.keys(), ...actual.fields.keys()]);
  return [...names].flatMap((name) => {
    const [wanted, found] = [expected.fields.get(name), actual.fields.get(name)];
    if (wanted === found) return [];
    return [`${where} ${name}: expected ${wanted ?? "nothing"}, actual ${found ?? "nothing"}`];
  });
}

function payloadDifference(
  expected: DecodedLayer,
  actual: DecodedLayer,
  where: string,
): readonly string[] {
  const wanted = expected.fields.get("bytes") ?? "";
  const found = actual.fields.get("bytes") ?? "";
  if (wanted === found) return [];
  let first = 0;
  while (wanted.slice(first, first + 2) === found.slice(first, first + 2)) first += 2;
  const end = first + 2 * SHOWN_BYTES;
  const at = `byte ${first / 2} (${expected.offset + first / 2} of the frame)`;
  return [
    `${where} from ${at}: expected ${shown(wanted, first, end)}, actual ${
      shown(found, first, end)
    }`,
  ];
}

function shown(digits: string, first: number, end: number): string {
  if (first >= digits.length) return "nothing";
  return digits.slice(first, end) + (digits.length > end ? "..." : "");
}
