import { commandLines, runCommand } from "./run_command.ts";

/** Suites that hold the kernels; older than what the host runs, and newer. */
const SOURCES: readonly { readonly mirror: string; readonly suites: readonly string[] }[] = [
  {
    mirror: "http://deb.debian.org/debian-security",
    suites: ["bullseye-security", "bookworm-security", "trixie-security"],
  },
  { mirror: "http://deb.debian.org/debian", suites: ["trixie-backports"] },
];
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** apt with lists and sources of its own: the host's /etc/apt stays as it is. */
export class PrivateApt {
  readonly #dir: string;
  #updated = false;

  /** @param dir Directory for lists, sources and configuration. */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /**
   * Names of packages the archive has.
   *
   * @param prefix What they begin with.
   * @returns The names, in no order.
   * @throws {Error} When the archive cannot be reached.
   */
  async names(prefix: string): Promise<readonly string[]> {
    await this.#update();
    return await commandLines("apt-cache", ["pkgnames", prefix], this.#options());
  }

  /**
   * Unpacks packages without installing them; the .debs are not kept.
   *
   * @param packages Their names.
   * @param target Directory that becomes the root of their files.
   * @throws {Error} When one cannot be had.
   */
  async unpack(packages: readonly string[], target: string): Promise<void> {
    const debs = `${target}.debs`;
    Deno.mkdirSync(debs, { recursive: true });
    Deno.mkdirSync(target, { recursive: true });
    await runCommand("apt-get", ["download", "-q", ...packages], { ...this.#options(), cwd: debs });
    for (const { name } of Deno.readDirSync(debs)) {
      await runCommand("dpkg-deb", ["--extract", `${debs}/${name}`, target]);
    }
    Deno.removeSync(debs, { recursive: true });
  }

  async #update(): Promise<void> {
    if (this.#updated) return;
    for (const dir of ["lists/partial", "cache/archives/partial"]) {
      Deno.mkdirSync(`${this.#dir}/${dir}`, { recursive: true });
    }
    const sources = SOURCES.flatMap(({ mirror, suites }) =>
      suites.map((suite) => `deb [arch=amd64 signed-by=${KEYRING}] ${mirror} ${suite} main\n`)
    );
    Deno.writeTextFileSync(`${this.#dir}/sources.list`, sources.join(""));
    Deno.writeTextFileSync(`${this.#dir}/apt.conf`, this.#configuration());
    await runCommand("apt-get", ["update", "-q"], this.#options());
    this.#updated = true;
  }

  #configuration(): string {
    const settings = {
      "Dir::Etc::sourcelist": `${this.#dir}/sources.list`,
      "Dir::Etc::sourceparts": "-",
      "Dir::State::Lists": `${this.#dir}/lists`,
      "Dir::Cache": `${this.#dir}/cache`,
      "Dir::Cache::archives": `${this.#dir}/cache/archives`,
      "Acquire::Languages": "none",
      // The sandbox user may not be able to write below a home directory.
      "APT::Sandbox::User": "root",
    };
    return Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`).join("");
  }

  #options() {
    return { env: { APT_CONFIG: `${this.#dir}/apt.conf` } };
  }
}
