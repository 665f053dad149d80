import assert from "node:assert/strict";
import { packet } from "./build.ts";
import { explainDifference } from "./diff.ts";

const frame = packet().ethernet("02:00:00:00:00:00", "01:00:00:00:00:00");
const outer = { source: "172.16.104.123", destination: "10.0.0.3" } as const;
const inner = { source: "192.168.1.1", destination: "10.200.1.1" } as const;
const web = { sourcePort: 31337, destinationPort: 80 } as const;
const expected = frame.ipv4(outer).ipv4(inner).udp(web).payload("wirecheck").bytes();

Deno.test("explainDifference() is empty for equal frames", () => {
  assert.equal(explainDifference(expected, expected.slice()), "");
});

Deno.test("explainDifference() names outer and inner fields", () => {
  const actual = frame.ipv4({ ...outer, destination: "10.0.0.2" }).ipv4({ ...inner, ttl: 63 })
    .udp(web).payload("wirecheck").bytes();
  assert.equal(
    explainDifference(expected, actual),
    [
      "outer ipv4 checksum: expected 0x5c33, actual 0x5c34",
      "outer ipv4 destination: expected 10.0.0.3, actual 10.0.0.2",
      "inner ipv4 ttl: expected 64, actual 63",
      "inner ipv4 checksum: expected 0xad56, actual 0xae56",
      "byte 25 of the frame: expected 33, actual 34",
    ].join("\n"),
  );
});

Deno.test("explainDifference() shows where a payload begins to differ", () => {
  const actual = expected.slice();
  actual[actual.length - 2] = 0;
  const text = explainDifference(expected, actual);
  assert.match(
    text,
    /^inner payload from byte 7 \(69 of the frame\): expected 636b, actual 006b$/m,
  );
  assert.match(text, /^inner udp checksum: .* actual 0x\w+ \(wrong, 0x\w+ is right\)$/m);
});

Deno.test("explainDifference() shows lengths and layers that differ", () => {
  const actual = frame.ipv4(inner).udp(web).payload("wirecheck").bytes();
  const text = explainDifference(expected, actual);
  assert.match(text, /^length: expected 71 bytes, actual 51$/m);
  assert.doesNotMatch(text, /^inner /m, "fields of other layers do not correspond");
  assert.match(
    text,
    /^layers: expected ethernet \/ outer ipv4 \/ inner ipv4 .*, actual ethernet \/ ipv4 \/ udp \/ payload$/m,
  );
});

Deno.test("explainDifference() finds every changed byte", () => {
  const tcp = frame.ipv4(outer).ipv4(inner).tcp(web).payload("wirecheck").bytes();
  for (let at = 0; at < tcp.length; at++) {
    const actual = tcp.slice();
    actual[at] = (actual[at] ?? 0) ^ 0x01;
    assert.notEqual(explainDifference(tcp, actual), "", `byte ${at}`);
  }
});

Deno.test("explainDifference() shows a byte that belongs to no field", () => {
  const tcp = frame.ipv4(inner).tcp({ ...web, checksum: 0 });
  const reserved = tcp.patch(14 + 20 + 12, Uint8Array.of(0x51));
  assert.match(
    explainDifference(tcp.bytes(), reserved.bytes()),
    /^byte 46 of the frame: expected 50, actual 51$/m,
  );
});
