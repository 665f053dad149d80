import { BpfLink } from "./bpf_link.ts";
import { BpfMap } from "./bpf_map.ts";
import { BpfProgram } from "./bpf_program.ts";
import type { BpfObject } from "./bpf_object.ts";
import { BPFFS } from "./bpffs.ts";
import { DataplaneError } from "./errors.ts";
import { PROGRAM } from "./load_balancer.ts";

/** Ends the names of pins that are about to replace others. */
const NEXT = "_next";
/** A bpffs keeps names with a dot to itself. */
const NAME = /^[a-zA-Z0-9_-]{1,32}$/;

/**
 * The pinned objects of one balancer: `<bpffs>/weir/<balancer>/` with `maps/`, `program` and
 * `link`. The link is pinned last and unpinned first, so it alone says that the balancer is there:
 * whatever a killed command left without a link is rubbish.
 */
export class Pins {
  readonly balancer: string;
  readonly #root: string;

  /**
   * @param balancer Name of the balancer.
   * @param bpffs Mount point.
   * @throws {RangeError} When the name is none.
   */
  constructor(balancer: string, bpffs: string = BPFFS) {
    if (!NAME.test(balancer)) {
      throw new RangeError(
        `Cannot name a balancer "${balancer}": want 1 to 32 letters, digits, "_" or "-"`,
      );
    }
    this.balancer = balancer;
    this.#root = `${bpffs}/weir`;
  }

  /**
   * Lists the balancers of this host.
   *
   * @param bpffs Mount point.
   * @returns Names in order.
   */
  static list(bpffs: string = BPFFS): readonly string[] {
    return readDirectory(`${bpffs}/weir`).filter((name) => new Pins(name, bpffs).exists()).sort();
  }

  /** The balancer's directory. */
  get directory(): string {
    return `${this.#root}/${this.balancer}`;
  }

  /** Is the balancer there? */
  exists(): boolean {
    return pathExists(this.#link);
  }

  /**
   * Fails unless the balancer is there.
   *
   * @throws {DataplaneError} Naming those that are.
   */
  requireExisting(): void {
    if (this.exists()) return;
    const others = Pins.list(this.#root.replace(/\/weir$/, ""));
    throw new DataplaneError({
      action: "find balancer",
      object: this.balancer,
      errno: null,
      reason: others.length === 0
        ? "no balancer is attached"
        : `attached are ${others.map((name) => `"${name}"`).join(", ")}`,
      hint: others.length === 0 ? 'attach one with "weir attach"' : null,
    });
  }

  /**
   * Opens a map.
   *
   * @param name Its name in the object.
   * @returns The map.
   * @throws {DataplaneError} When it is not pinned.
   */
  openMap(name: string): BpfMap {
    return BpfMap.open(`${this.#maps}/${fileName(name)}`);
  }

  /**
   * Opens the attached program.
   *
   * @returns The program.
   * @throws {DataplaneError} When it is not pinned.
   */
  openProgram(): BpfProgram {
    return BpfProgram.open(this.#program);
  }

  /**
   * Opens the link.
   *
   * @returns The link.
   * @throws {DataplaneError} When the balancer is not there.
   */
  openLink(): BpfLink {
    return BpfLink.open(this.#link);
  }

  /**
   * Pins maps and program of a loaded object. The balancer is not there before `pinLink`.
   *
   * @param object The loaded object.
   * @throws {DataplaneError} When the kernel refuses.
   */
  pinObject(object: BpfObject): void {
    Deno.mkdirSync(this.#maps, { recursive: true, mode: 0o700 });
    for (const name of object.mapNames()) {
      using map = object.map(name);
      map.pin(`${this.#maps}/${fileName(name)}`);
    }
    using program = object.program(PROGRAM);
    program.pin(this.#program);
  }

  /**
   * Pins the link: from now on the balancer outlives the process.
   *
   * @param link The link.
   * @throws {DataplaneError} When the kernel refuses.
   */
  pinLink(link: BpfLink): void {
    link.pin(this.#link);
  }

  /**
   * Pins the parts of a new program beside the old ones. `adopt` puts them in their place.
   *
   * @param object The loaded object.
   * @param maps Names of the maps that are its own.
   */
  pinNext(object: BpfObject, maps: readonly string[]): void {
    this.#removeNext();
    for (const name of maps) {
      using map = object.map(name);
      map.pin(`${this.#maps}/${fileName(name)}${NEXT}`);
    }
    using program = object.program(PROGRAM);
    program.pin(`${this.#program}${NEXT}`);
  }

  /** Replaces the old program's parts by the new one's, each in one step. */
  adopt(): void {
    for (const path of this.#nextPaths()) Deno.renameSync(path, path.slice(0, -NEXT.length));
  }

  /** Removes all pins, and the directories that are empty then. */
  remove(): void {
    for (const path of [this.#link, this.directory]) {
      if (pathExists(path)) Deno.removeSync(path, { recursive: true });
    }
    if (pathExists(this.#root) && readDirectory(this.#root).length === 0) {
      Deno.removeSync(this.#root);
    }
  }

  #removeNext(): void {
    for (const path of this.#nextPaths()) Deno.removeSync(path);
  }

  #nextPaths(): readonly string[] {
    return [this.directory, this.#maps].flatMap((directory) =>
      readDirectory(directory).filter((name) => name.endsWith(NEXT)).map((name) =>
        `${directory}/${name}`
      )
    );
  }

  get #maps(): string {
    return `${this.directory}/maps`;
  }

  get #program(): string {
    return `${this.directory}/program`;
  }

  get #link(): string {
    return `${this.directory}/link`;
  }
}

/** `.rodata` becomes `rodata`, `.data.host` becomes `data_host`. */
function fileName(map: string): string {
  return map.replace(/^\./, "").replaceAll(".", "_");
}

function pathExists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function readDirectory(path: string): readonly string[] {
  if (!pathExists(path)) return [];
  return [...Deno.readDirSync(path)].map((entry) => entry.name);
}
