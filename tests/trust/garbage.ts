import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { runCli } from "../../cli/run.ts";
import { FakeHost } from "../cli/fake_host.ts";

const VALID = `balancer: { mode: native, max-vips: 16, echo: vip, ttl: 64 }
defaults: { affinity: default, encap: ipip, ring: maglev-v2 }
reals:
  web1: { address: 10.0.0.1, local: false }
  web2: { address: "fc00::2" }
vips:
  - name: www
    address: 198.51.100.10
    port: 80
    protocol: tcp
    flags: [no-source-port]
    reals: [web1, { real: web2, weight: 3, state: up }, 10.0.0.3]
  - { address: "2001:db8::/64", port: any, protocol: udp, reals: [web1] }
`;
const PIECES = [
  ...["vips:", "reals:", "balancer:", "- ", "  ", "\n", ": ", "{", "}", "[", "]", ",", "&a ", "*a"],
  ...[
    "!!binary ",
    "!!float ",
    "? ",
    "| ",
    "> ",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "<<: ",
    "#",
    "\t",
  ],
  ...['"', "'", "\\", "address", "port", "weight", "name", "10.0.0.1", "fc00::1", "tcp", "udp"],
  ...["0x10", "1e400", "-1", "65536", "99999999999999999999", ".nan", ".inf", "null", "~", "true"],
  ...["\u0000", "\u0007", "\u001b[31m", "\ufeff", "\u2028", "😀", "é", "__proto__", "constructor"],
];

/** Texts that no generator finds. */
function monsters(): readonly string[] {
  const many = (text: string, count: number) => text.repeat(count);
  return [
    many("x", 1 << 20),
    `vips: "${many("y", 1 << 20)}"`,
    `vips: [{ name: ${many("z", 1 << 20)} }]`,
    many("[", 20_000),
    many("{a: ", 5000),
    `${many("- ", 5000)}x`,
    Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    `vips: [${many("{}, ", 20_000)}]`,
    many("vips: []\n", 2000),
    `vips: ${many("9", 5000)}`,
    `a: &a [${many("x,", 50)}]\n` +
    Array.from(
      { length: 9 },
      (_, i) => `b${i}: &b${i} [${many(`*${i === 0 ? "a" : `b${i - 1}`},`, 10)}]`,
    ).join("\n"),
    "\u0000".repeat(1000),
  ];
}

/**
 * Applies files full of garbage: exit code 0, 1 or 64, never a stack trace, and nothing written unless
 * all of the file was understood.
 *
 * @param full 20,000 files; else 600
 * @param seed repeats a run
 * @returns what was found, in one line
 */
export async function garbage(full: boolean, seed = Date.now() & 0xffffff): Promise<string> {
  const cases = full ? 20_000 : 600;
  const exits = new Map<number, number>();
  const host = new FakeHost();
  await runCli(["attach", "eth0", "--max-vips", "16"], host);
  const feed = async (text: string) => {
    const code = await applied(host, text);
    exits.set(code, (exits.get(code) ?? 0) + 1);
  };
  const large = monsters();
  for (const text of large) await feed(text);
  const property = fc.asyncProperty(fc.oneof(soup(), mutated(), turned()), feed);
  await fc.assert(property, { numRuns: cases - large.length, seed });
  const counts = [...exits].sort().map(([code, count]) => `${count} exit ${code}`).join(", ");
  return `${cases} files (seed ${seed}): ${counts}, no stack trace, no partial write`;
}

async function applied(host: FakeHost, text: string): Promise<number> {
  host.files.set("weir.yaml", text);
  host.stdout.text = "";
  host.stderr.text = "";
  const before = host.main.written;
  const code = await runCli(["apply", "-f", "weir.yaml", "--yes", "--allow-empty"], host);
  const said = host.stderr.text;
  const shown = `${JSON.stringify(text.slice(0, 500))}\n${said.slice(0, 2000)}`;
  ok([0, 1, 64].includes(code), `exit ${code} for ${shown}`);
  ok(!/Unexpected error|call stack|^\s+at .*:\d+/m.test(said), `stack trace for ${shown}`);
  if (code !== 0) equal(host.main.written, before, `a partial write for ${shown}`);
  equal(host.main.sequence % 2, 0);
  return code;
}

function soup(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join("")),
    fc.string({ maxLength: 300, unit: "binary" }),
  );
}

/** A valid file with some pieces taken out, doubled, or put in. */
function mutated(): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(VALID.length),
    cut: fc.nat(6),
    put: fc.oneof(
      fc.constantFrom("", "", ...PIECES),
      fc.nat(VALID.length).map((at) => VALID.slice(at, at + 20)),
    ),
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), VALID)
  );
}

/** A valid file with one or two of its numbers replaced by others: often still a file, but another. */
function turned(): fc.Arbitrary<string> {
  const numbers = [...VALID.matchAll(/\d+/g)];
  const others = fc.oneof(fc.nat(255), fc.nat(70_000), fc.constant(-1));
  const turn = fc.tuple(fc.nat(numbers.length - 1), others);
  return fc.array(turn, { minLength: 1, maxLength: 2 }).map((turns) =>
    turns.toSorted(([a], [b]) => b - a).reduce((text, [index, other]) => {
      const { 0: number = "", index: at = 0 } = numbers[index] ?? {};
      return text.slice(0, at) + other + text.slice(at + number.length);
    }, VALID)
  );
}
