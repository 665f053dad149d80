import { equal } from "node:assert/strict";
import { denoHost } from "../../cli/deno_host.ts";
import type { Host } from "../../cli/host.ts";
import { runCli } from "../../cli/run.ts";
import { Sink } from "../cli/fake_host.ts";
import { VethPair } from "../support/veth.ts";

/** weir on this kernel with an interface of its own, which goes with all that is on it. */
export class Machine implements AsyncDisposable {
  readonly balancer: string;
  readonly host: Host;
  /** For files of a check. */
  readonly folder: string;
  readonly #stdout = new Sink();
  readonly #stderr = new Sink();
  readonly #veth = new VethPair();

  /** @param name tells machines of one run apart */
  constructor(name: string) {
    this.balancer = `${name}-${Deno.pid}`;
    this.folder = Deno.makeTempDirSync({ prefix: "weir-trust-" });
    this.host = { ...denoHost(), stdout: this.#stdout, stderr: this.#stderr, ask: () => null };
  }

  /** Attaches the balancer. */
  async attach(): Promise<void> {
    this.#veth.up();
    const sizes = "--max-vips 16 --max-reals 1024 --max-flows 4096";
    await this.run(`attach ${this.#veth.name} --gateway-mac 02:00:00:00:00:09 ${sizes}`);
  }

  /** Runs a command line that must end with this exit code; what it prints. */
  async run(line: string, exit = 0): Promise<string> {
    this.#stdout.text = "";
    this.#stderr.text = "";
    const code = await runCli([...line.split(" "), "--balancer", this.balancer], this.host);
    const printed = this.#stdout.text + this.#stderr.text;
    equal(code, exit, `weir ${line}: exit ${code}\n${printed}`);
    return printed;
  }

  /** Writes a file of the check; its path. */
  file(name: string, text: string): string {
    const path = `${this.folder}/${name}`;
    Deno.writeTextFileSync(path, text);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (await this.host.describe(this.balancer) !== null) await this.host.detach(this.balancer);
    this.#veth[Symbol.dispose]();
    await Deno.remove(this.folder, { recursive: true });
    await Deno.remove(`/run/weir/${this.balancer}.lock`).catch(() => {});
  }
}

/** A file with VIPs `198.51.100.<last>:80`, each with its reals and their weights. */
export function file(vips: Readonly<Record<number, Readonly<Record<string, number>>>>): string {
  // JSON is YAML.
  return JSON.stringify({
    vips: Object.entries(vips).map(([last, reals]) => ({
      ...{ address: `198.51.100.${last}`, port: 80, protocol: "tcp" },
      reals: Object.entries(reals).map(([address, weight]) => ({ address, weight })),
    })),
  });
}
