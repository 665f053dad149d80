/**
 * `deno task demo`: real requests through weir, from one command. Installs what is missing, builds,
 * makes namespaces client - router - balancer - three reals, attaches, applies a YAML file, sends requests,
 * shows the counters, and takes everything down again. `--keep` leaves it up.
 */
import { capture } from "./lab/command.ts";
import type { Namespace } from "./lab/namespace.ts";
import { LoadBalancerLab, VIP_V4, VIP_V6, WEIR } from "./lab/load_balancer_lab.ts";
import { ensureTools } from "./ensure_tools.ts";

const BALANCER = "demo";
const LAB = "weir-demo";
const WEIGHTS = [3, 2, 1];
const REQUESTS = 600;
/** How far a real's share may be off its weight, in points of percent. */
const TOLERANCE = 10;

const write = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));
const say = (line = "") => write(`${line}\n`);
const step = (line: string) => say(colour() ? `\x1b[1m==> ${line}\x1b[0m` : `==> ${line}`);

function colour(): boolean {
  return Deno.stdout.isTerminal() && !Deno.env.get("NO_COLOR");
}

/** The file that the demo applies. */
function config(lab: LoadBalancerLab): string {
  const reals = (family: "v4" | "v6") =>
    lab.reals.map((real, index) =>
      `      - { address: "${real[family]}", weight: ${WEIGHTS[index]} }`
    )
      .join("\n");
  return `vips:
  - name: www-v4
    address: ${VIP_V4}
    port: 80
    protocol: tcp
    reals:
${reals("v4")}
  - name: www-v6
    address: "${VIP_V6}"
    port: 80
    protocol: tcp
    reals:
${reals("v6")}
`;
}

/** Answers by body; a request without an answer counts as failed. */
interface Tally {
  readonly sent: number;
  readonly answers: ReadonlyMap<string, number>;
}

/** Sends requests, each over a connection of its own. */
async function request(lab: LoadBalancerLab, url: string, count: number): Promise<Tally> {
  const { stdout } = await lab.client.capture([
    ...["curl", "--silent", "--globoff", "--max-time", "30", "--connect-timeout", "2"],
    // A server that closes makes curl connect anew for the next URL.
    ...["--header", "Connection: close", "--fail"],
    ...Array.from({ length: count }, () => url),
  ]);
  const answers = new Map<string, number>();
  for (const name of stdout.split("\n").filter((line) => line !== "")) {
    answers.set(name, (answers.get(name) ?? 0) + 1);
  }
  return { sent: count, answers };
}

function answered(tally: Tally): number {
  return [...tally.answers.values()].reduce((sum, count) => sum + count, 0);
}

/** Largest distance of a real's share from its weight's, in points. */
function worstShare(tally: Tally): number {
  const total = WEIGHTS.reduce((sum, weight) => sum + weight, 0);
  return Math.max(...WEIGHTS.map((weight, index) => {
    const share = (tally.answers.get(`real${index + 1}`) ?? 0) / Math.max(1, tally.sent);
    return Math.abs(share - weight / total) * 100;
  }));
}

async function setUp(lab: LoadBalancerLab): Promise<void> {
  for (const real of lab.reals) {
    lab.defer(async () => void await real.namespace.capture([...WEIR, "decap", "detach", "eth0"]));
    await lab.weir(real.namespace, ["decap", "attach", "eth0"]);
  }
  lab.defer(async () =>
    void await lab.balancer.capture([...WEIR, "detach", "--balancer", BALANCER])
  );
  await lab.weir(lab.balancer, ["attach", "eth0", "--mode", "native", "--balancer", BALANCER]);
  const file = await Deno.makeTempFile({ prefix: "weir-demo-", suffix: ".yaml" });
  lab.defer(() => Deno.remove(file));
  await Deno.writeTextFile(file, config(lab));
  write(await lab.weir(lab.balancer, ["apply", "-f", file, "--balancer", BALANCER]));
}

function explainKeep(lab: LoadBalancerLab): void {
  const enter = (namespace: Namespace) => `nsenter --net=/run/netns/${namespace.name}`;
  // Not npx: it asks a registry, which cannot be reached from the namespaces.
  const weir = `${Deno.execPath()} task weir`;
  const [real] = lab.reals;
  if (real === undefined) return;
  say(`The laboratory stays up. What to try, as root in this folder:

  ${enter(lab.client)} curl http://${VIP_V4}/
  ${enter(lab.balancer)} ${weir} watch --balancer ${BALANCER}
  ${enter(lab.balancer)} ${weir} real drain tcp ${VIP_V4}:80 ${real.v4} --balancer ${BALANCER}
  ${enter(real.namespace)} ${weir} decap stats eth0

Press Ctrl-C to take it down.`);
}

/** Resolves at the first Ctrl-C or SIGTERM. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => resolve());
    }
  });
}

async function demo(keep: boolean, stop: Promise<void>): Promise<number> {
  const stopped = stop.then(() => {
    throw new Error("Interrupted");
  });
  stopped.catch(() => {});
  // What is under way ends before it is undone.
  const orStop = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await Promise.race([work, stopped]);
    } finally {
      await Promise.allSettled([work]);
    }
  };
  step("building the BPF objects");
  await orStop(build());
  step("making namespaces: client, router, balancer, three reals with nginx");
  await removeLeftovers();
  await using lab = await LoadBalancerLab.create({ name: LAB, reals: 3, webServers: true });
  step("attaching weir to the balancer's link, decapsulation to the reals");
  await orStop(setUp(lab));
  step(`sending ${2 * REQUESTS} requests over fresh connections`);
  const v4 = await orStop(request(lab, `http://${VIP_V4}/`, REQUESTS));
  const v6 = await orStop(request(lab, `http://[${VIP_V6}]/`, REQUESTS));
  write(await orStop(lab.weir(lab.balancer, ["stats", "--balancer", BALANCER])));
  if (keep) {
    explainKeep(lab);
    await stop;
  }
  step("taking everything down");
  return report(v4, v6);
}

/** What a demo that was killed left behind. */
async function removeLeftovers(): Promise<void> {
  await capture([...WEIR, "detach", "--balancer", BALANCER]);
  const { stdout } = await capture(["ip", "netns", "list"]);
  for (const name of stdout.match(new RegExp(`^${LAB}-\\S+`, "gm")) ?? []) {
    await capture(["ip", "netns", "delete", name]);
  }
}

function report(v4: Tally, v6: Tally): number {
  const sent = v4.sent + v6.sent;
  const good = answered(v4) + answered(v6);
  const hit = new Set([...v4.answers.keys(), ...v6.answers.keys()]).size;
  const worst = Math.max(worstShare(v4), worstShare(v6));
  verdict = `demo: ${sent} requests, ${good} answered, ${sent - good} failed, reals hit ${hit}/3`;
  if (worst > TOLERANCE) say(`a real's share is ${worst.toFixed(1)} points off its weight`);
  return sent === good && hit === 3 && worst <= TOLERANCE ? 0 : 1;
}

async function build(): Promise<void> {
  const script = new URL("./build_bpf.ts", import.meta.url).pathname;
  const { code, stderr } = await capture([Deno.execPath(), "run", "-A", script]);
  if (code !== 0) throw new Error(stderr);
}

let verdict = "demo: 0 requests, 0 answered, 0 failed, reals hit 0/3";
let code = 1;
try {
  await ensureTools(["clang", "strip", "ip", "ethtool", "curl", "nginx", "ping"], step);
  code = await demo(Deno.args.includes("--keep"), interrupted());
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
}
say(verdict);
Deno.exit(code);
