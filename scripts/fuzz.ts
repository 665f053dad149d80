/**
 * `deno task fuzz [--packets N] [--seed S]`: random packets through the loaded program and its model.
 * Last line: `fuzz: N packets, seed S, D differences`.
 */
import { parseArguments } from "./parse_arguments.ts";
import { runDifferential } from "../tests/support/differential.ts";

const PER_SCENARIO = 5000;

const { packets, seed } = parseArguments(Deno.args, {
  packets: 1_000_000,
  seed: crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
});
const write = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));

write(`seed ${seed}\n`);
const differences = await runDifferential({
  seed,
  packets,
  perScenario: PER_SCENARIO,
  progress: (done) => {
    if (done % (10 * PER_SCENARIO) === 0) write(`${done} packets\n`);
  },
});
for (const { scenarioSeed, packet, frame, text } of differences) {
  write(`scenario ${scenarioSeed}, packet ${packet}\n${frame}\n${text}\n`);
}
write(`fuzz: ${packets} packets, seed ${seed}, ${differences.length} differences\n`);
Deno.exit(differences.length === 0 ? 0 : 1);
