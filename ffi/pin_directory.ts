import { BpfLink } from "./bpf_link.ts";
import { BpfMap } from "./bpf_map.ts";
import type { BpfObject } from "./bpf_object.ts";
import { BpfProgram } from "./bpf_program.ts";
import { type ChainPlace, ChainSlot } from "./chain.ts";
import { check } from "./errors.ts";
import { chainHook, type Hook, linkHook } from "./hook.ts";

const EACCES = 13;
/** Ends the names of pins that are about to replace others. */
const NEXT = "_next";
/** Begins the name of a chain's pin; the slot follows. */
const CHAIN = "chain_";
/** Ends the names of pins that others replaced. */
const PREVIOUS = "_previous";

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
    return pathExists(this.#link) || this.#chain() !== null;
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
   * Opens what packets reach the program by: its link, or its slot in another program's chain.
   *
   * @returns The hook.
   * @throws {DataplaneError} When neither is pinned.
   */
  openHook(): Hook {
    const chain = this.#chain();
    return chain === null ? linkHook(this.openLink()) : chainHook(ChainSlot.open(chain));
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
   * Pins the chain that the program is going to be in, in the place of a link.
   *
   * @param chain The slot; the pin's name keeps its number.
   * @throws {DataplaneError} When the kernel refuses.
   */
  pinChain(chain: ChainSlot): void {
    chain.pin(`${this.path}/${CHAIN}${chain.slot}`);
  }

  /**
   * Pins the parts of a new program beside the old ones. `adopt` puts them in their place.
   *
   * @param object The loaded object.
   * @param program Name of the function that will be attached.
   * @param maps Names of the maps that are its own.
   */
  pinNext(object: BpfObject, program: string, maps: readonly string[]): void {
    for (const path of this.#pathsOf(NEXT)) Deno.removeSync(path);
    for (const name of maps) {
      using map = object.map(name);
      map.pin(`${this.#maps}/${fileName(name)}${NEXT}`);
    }
    using next = object.program(program);
    next.pin(`${this.#program}${NEXT}`);
  }

  /**
   * Replaces the program's parts by those pinned beside them, each in one step; the old parts stay as
   * those of the previous program. The program comes last: while it is still beside, `adopt` was
   * killed and can be called again.
   */
  adopt(): void {
    for (const next of this.#pathsOf(NEXT)) {
      const current = next.slice(0, -NEXT.length);
      const previous = `${current}${PREVIOUS}`;
      if (pathExists(previous)) Deno.removeSync(previous);
      if (pathExists(current)) Deno.linkSync(current, previous);
      Deno.renameSync(next, current);
    }
  }

  /**
   * Finishes an exchange of programs that was killed after the new one was attached.
   *
   * @param attached Kernel number of the program that is attached; null: none.
   */
  finishAdopt(attached: number | null): void {
    if (!pathExists(`${this.#program}${NEXT}`)) return;
    using next = BpfProgram.open(`${this.#program}${NEXT}`);
    if (next.info().id === attached) this.adopt();
  }

  /** Is there a program that another one replaced? */
  hasPrevious(): boolean {
    return pathExists(`${this.#program}${PREVIOUS}`);
  }

  /**
   * Opens a map that belonged to the previous program.
   *
   * @param name Its name in the object.
   * @returns The map.
   * @throws {DataplaneError} When it is not pinned.
   */
  openPreviousMap(name: string): BpfMap {
    return BpfMap.open(`${this.#maps}/${fileName(name)}${PREVIOUS}`);
  }

  /**
   * Puts the previous program's parts beside the current ones, for `adopt`.
   *
   * @returns The previous program.
   * @throws {DataplaneError} When there is none.
   */
  previousAsNext(): BpfProgram {
    for (const path of this.#pathsOf(NEXT)) Deno.removeSync(path);
    for (const path of this.#pathsOf(PREVIOUS)) {
      Deno.linkSync(path, `${path.slice(0, -PREVIOUS.length)}${NEXT}`);
    }
    return BpfProgram.open(`${this.#program}${NEXT}`);
  }

  /** Forgets the previous program. */
  forgetPrevious(): void {
    for (const path of this.#pathsOf(PREVIOUS).toReversed()) Deno.removeSync(path);
  }

  /**
   * Pins a map that no object has.
   *
   * @param name Its name.
   * @param map The map.
   * @param next Whether it comes with the program that is pinned beside the current one.
   */
  pinMap(name: string, map: BpfMap, next = false): void {
    map.pin(`${this.#maps}/${fileName(name)}${next ? NEXT : ""}`);
  }

  /** Is there a map of this name? */
  hasMap(name: string): boolean {
    return pathExists(`${this.#maps}/${fileName(name)}`);
  }

  /** Removes all pins, and the directories that are empty then. */
  remove(): void {
    const chain = this.#chain();
    for (const path of [this.#link, ...(chain === null ? [] : [chain.path]), this.path]) {
      if (pathExists(path)) Deno.removeSync(path, { recursive: true });
    }
    if (pathExists(this.#root) && readDirectory(this.#root).length === 0) {
      Deno.removeSync(this.#root);
    }
  }

  /** Maps first, the program last. */
  #pathsOf(suffix: string): readonly string[] {
    return [this.#maps, this.path].flatMap((directory) =>
      readDirectory(directory).filter((name) => name.endsWith(suffix))
        .map((name) => `${directory}/${name}`)
    );
  }

  #chain(): ChainPlace | null {
    const name = readDirectory(this.path).find((name) => name.startsWith(CHAIN));
    if (name === undefined) return null;
    return { path: `${this.path}/${name}`, slot: Number(name.slice(CHAIN.length)) };
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
