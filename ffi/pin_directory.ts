import { BpfLink } from "./bpf_link.ts";
import { BpfMap } from "./bpf_map.ts";
import type { BpfObject } from "./bpf_object.ts";
import { BpfProgram } from "./bpf_program.ts";
import { check } from "./errors.ts";

const EACCES = 13;
/** Ends the names of pins that are about to replace others. */
const NEXT = "_next";

/**
 * The pins of one attached program: a directory of a bpffs with `maps/`, `program` and `link`. The
 * link is pinned last and unpinned first, so it alone says that the program is attached: whatever a
 * killed command left without a link is rubbish.
 */
export class PinDirectory {
  readonly #root: string;
  /** The directory. */
  readonly path: string;

  /**
   * @param root Directory of all programs of a kind; it comes and goes with them.
   * @param name Name in it, without a dot: a bpffs keeps those to itself.
   */
  constructor(root: string, name: string) {
    this.#root = root;
    this.path = `${root}/${name}`;
  }

  /**
   * Lists what is attached.
   *
   * @param root Directory of all programs of a kind.
   * @returns Names in order.
   */
  static list(root: string): readonly string[] {
    return readDirectory(root).filter((name) => new PinDirectory(root, name).exists()).sort();
  }

  /** Is the program attached? */
  exists(): boolean {
    return pathExists(this.#link);
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
   * @throws {DataplaneError} When it is not pinned.
   */
  openLink(): BpfLink {
    return BpfLink.open(this.#link);
  }

  /**
   * Pins maps and program of a loaded object.
   *
   * @param object The loaded object.
   * @param program Name of the function that is attached.
   * @throws {DataplaneError} When the kernel refuses.
   */
  pinObject(object: BpfObject, program: string): void {
    Deno.mkdirSync(this.#maps, { recursive: true, mode: 0o700 });
    for (const name of object.mapNames()) {
      using map = object.map(name);
      map.pin(`${this.#maps}/${fileName(name)}`);
    }
    using main = object.program(program);
    main.pin(this.#program);
  }

  /**
   * Pins the link: from now on the program stays attached when the process ends.
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
   * @param program Name of the function that will be attached.
   * @param maps Names of the maps that are its own.
   */
  pinNext(object: BpfObject, program: string, maps: readonly string[]): void {
    for (const path of this.#nextPaths()) Deno.removeSync(path);
    for (const name of maps) {
      using map = object.map(name);
      map.pin(`${this.#maps}/${fileName(name)}${NEXT}`);
    }
    using next = object.program(program);
    next.pin(`${this.#program}${NEXT}`);
  }

  /** Replaces the old program's parts by the new one's, each in one step. */
  adopt(): void {
    for (const path of this.#nextPaths()) Deno.renameSync(path, path.slice(0, -NEXT.length));
  }

  /** Removes all pins, and the directories that are empty then. */
  remove(): void {
    for (const path of [this.#link, this.path]) {
      if (pathExists(path)) Deno.removeSync(path, { recursive: true });
    }
    if (pathExists(this.#root) && readDirectory(this.#root).length === 0) {
      Deno.removeSync(this.#root);
    }
  }

  #nextPaths(): readonly string[] {
    return [this.path, this.#maps].flatMap((directory) =>
      readDirectory(directory).filter((name) => name.endsWith(NEXT))
        .map((name) => `${directory}/${name}`)
    );
  }

  get #maps(): string {
    return `${this.path}/maps`;
  }

  get #program(): string {
    return `${this.path}/program`;
  }

  get #link(): string {
    return `${this.path}/link`;
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
    if (error instanceof Deno.errors.PermissionDenied) check(-EACCES, "look at", path);
    throw error;
  }
}

function readDirectory(path: string): readonly string[] {
  if (!pathExists(path)) return [];
  return [...Deno.readDirSync(path)].map((entry) => entry.name);
}
