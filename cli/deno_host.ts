import { ConsoleOutput } from "./console_output.ts";
import { isYes } from "./is_yes.ts";
import { readText } from "./read_text.ts";
import type { ByteSink, Clock, DecapHost, Host, ProbeHost, Screen } from "./host.ts";

/** The machine that weir runs on. The kernel's part loads when a command first needs it. */
export function denoHost(): Host & { readonly stdout: ConsoleOutput } {
  return {
    stdout: new ConsoleOutput(Deno.stdout),
    stderr: new ConsoleOutput(Deno.stderr),
    clock: CLOCK,
    decap: DECAP,
    probe: PROBE,
    env: (name) => Deno.env.get(name),
    screen,
    interrupted,
    userId: () => Deno.uid(),
    ask: (question) =>
      Deno.stdin.isTerminal() && Deno.stdout.isTerminal()
        // Not confirm(), which takes "yes" for no.
        ? isYes(prompt(`${question} [y/N]`) ?? "")
        : null,
    readTextFile,
    createFile,
    events: async (balancer) => (await import("./kernel_events.ts")).openEvents(balancer),
    lock: async (...args) => (await import("./lock_file.ts")).lockFile(...args),
    openDataplane: async (balancer) => (await kernel()).openDataplane(balancer),
    balancers: async () => (await kernel()).balancers(),
    describe: async (balancer) => (await kernel()).describe(balancer),
    inspectLink: async (...args) => (await kernel()).inspectLink(...args),
    attach: async (request) => (await kernel()).attach(request),
    detach: async (balancer) => (await kernel()).detach(balancer),
    upgrade: async (request) => (await kernel()).upgrade(request),
    previous: async (balancer) => (await kernel()).previous(balancer),
    rollback: async (balancer) => (await kernel()).rollback(balancer),
    bench: async (request) => (await import("./kernel_bench.ts")).bench(request),
  };
}

const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
    }),
};

const PROBE: ProbeHost = {
  attach: async (request) => (await import("./kernel_probe.ts")).attach(request),
  detach: async (ifname) => (await import("./kernel_probe.ts")).detach(ifname),
  stats: async (ifname) => (await import("./kernel_probe.ts")).stats(ifname),
  setMark: async (...args) => (await import("./kernel_probe.ts")).setMark(...args),
  marks: async (ifname) => (await import("./kernel_probe.ts")).marks(ifname),
};

const DECAP: DecapHost = {
  attach: async (request) => (await import("./kernel_decap.ts")).attach(request),
  detach: async (ifname) => (await import("./kernel_decap.ts")).detach(ifname),
  stats: async (ifname) => (await import("./kernel_decap.ts")).stats(ifname),
};

function kernel() {
  return import("./kernel_host.ts");
}

function screen(): Screen {
  if (!Deno.stdout.isTerminal()) return { isTerminal: false, columns: 80, rows: 24 };
  try {
    return { isTerminal: true, ...Deno.consoleSize() };
  } catch {
    // A terminal without a size, as under some expect scripts.
    return { isTerminal: true, columns: 80, rows: 24 };
  }
}

/** After the first interrupt a command ends by itself; it may have a cursor to give back. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => controller.abort());
  }
  return controller.signal;
}

async function createFile(path: string): Promise<ByteSink> {
  const file = await Deno.create(path);
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    },
    [Symbol.dispose]: () => file.close(),
  };
}

async function readTextFile(path: string): Promise<string> {
  if (path === "-") return await readText(Deno.stdin.readable);
  const file = await Deno.open(path);
  // The stream closes the file.
  return await readText(file.readable);
}
