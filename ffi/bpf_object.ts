import { findVariable } from "./btf_variable.ts";
import { BpfMap } from "./bpf_map.ts";
import { BpfProgram } from "./bpf_program.ts";
import { cString, fromCString } from "./c_string.ts";
import { encode } from "./codec.ts";
import { errno } from "./errno.ts";
import { check, checkErrno, DataplaneError } from "./errors.ts";
import { queryInfo } from "./info.ts";
import { captureLog } from "./libbpf/capture_log.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";
import { summarizeLog } from "./verifier_log.ts";

/** A BPF object file: first edited, then loaded, then asked for its maps and programs. */
export class BpfObject implements Disposable {
  readonly #name: string;
  #object: Deno.PointerValue;
  readonly #log: string[];

  private constructor(name: string, object: Deno.PointerValue, log: string[]) {
    this.#name = name;
    this.#object = object;
    this.#log = log;
  }

  /**
   * Parses an object file.
   *
   * @param name For error messages and log.
   * @param bytes The ELF file.
   * @returns The object, not yet loaded.
   * @throws {DataplaneError} When libbpf cannot read it.
   */
  static open(name: string, bytes: Uint8Array): BpfObject {
    const cName = cString(name);
    const opts = encode(kernel.BpfObjectOpenOpts, {
      sz: BigInt(kernel.BpfObjectOpenOpts.size),
      object_name: Deno.UnsafePointer.value(Deno.UnsafePointer.of(cName)),
      kernel_log_buf: 0n,
      kernel_log_size: 0n,
      kernel_log_level: 0,
    });
    const log: string[] = [];
    const object = captureLog(log, () => {
      const file = new Uint8Array(bytes);
      const object = libbpf().bpf_object__open_mem(file, BigInt(file.length), opts);
      checkErrno(object === null, "open BPF object", name);
      return object;
    });
    return new BpfObject(name, object, log);
  }

  /** What libbpf said while it opened and loaded. */
  get log(): readonly string[] {
    return this.#log;
  }

  /**
   * Sets the size of a map.
   *
   * @param map Its name.
   * @param maxEntries Entries it can hold.
   * @throws {DataplaneError} When there is no such map or the object is loaded.
   */
  setMaxEntries(map: string, maxEntries: number): void {
    const result = libbpf().bpf_map__set_max_entries(this.#map(map), maxEntries);
    check(result, "set the size of map", map);
  }

  /**
   * Says what maps a map of maps will hold, where that is not what the object says. (libbpf 1.1
   * crashes when the inner definition is edited: its back pointer to the object is NULL.)
   *
   * @param outer Name of the map of maps.
   * @param template A map like those it will hold; wanted until `load` is done.
   * @throws {DataplaneError} When there is no such map or the object is loaded.
   */
  setInnerMap(outer: string, template: BpfMap): void {
    const result = libbpf().bpf_map__set_inner_map_fd(this.#map(outer), template.fd);
    check(result, "set the inner map of map", outer);
  }

  /**
   * Gives a global variable its value at load; the verifier takes those in `.rodata` for constants.
   *
   * @param section Section and map name: `.rodata`, `.data.host`.
   * @param variable Name in C.
   * @param value As many bytes as the variable has.
   * @throws {RangeError} When the length differs.
   * @throws {DataplaneError} When the object is loaded.
   */
  setVariable(section: string, variable: string, value: Uint8Array): void {
    const { offset, size } = findVariable(
      libbpf().bpf_object__btf(this.#object),
      section,
      variable,
    );
    if (value.length !== size) {
      throw new RangeError(
        `Cannot set variable "${variable}": want ${size} bytes, got ${value.length}`,
      );
    }
    const map = this.#map(section);
    const length = new BigUint64Array(1);
    const initial = libbpf().bpf_map__initial_value(map, length);
    if (initial === null) {
      throw new TypeError(`Cannot set variable "${variable}": the object is loaded`);
    }
    const whole = new Uint8Array(Number(length[0]));
    new Deno.UnsafePointerView(initial).copyInto(whole);
    whole.set(value, offset);
    const result = libbpf().bpf_map__set_initial_value(map, whole, BigInt(whole.length));
    check(result, "set variable", variable);
  }

  /**
   * Makes the object use an existing map instead of a new one.
   *
   * @param name Name of the map in the object.
   * @param map The existing map, of the same layout.
   * @throws {DataplaneError} When they do not match.
   */
  reuseMap(name: string, map: BpfMap): void {
    check(libbpf().bpf_map__reuse_fd(this.#map(name), map.fd), "reuse map", name);
  }

  /**
   * Creates the maps and loads the programs.
   *
   * @throws {DataplaneError} When the kernel refuses, with the line of the verifier that says why.
   */
  load(): void {
    const lines: string[] = [];
    const result = captureLog(lines, () => libbpf().bpf_object__load(this.#object));
    this.#log.push(...lines);
    if (result >= 0) return;
    if (errno(result).name === "EPERM") check(result, "load BPF object", this.#name);
    const { line, omitted } = summarizeLog(lines);
    throw new DataplaneError({
      action: "load BPF object",
      object: this.#name,
      errno: -result,
      reason: line === "" ? "the kernel did not say why" : line,
      hint: omitted === 0 ? null : `${omitted} more lines with --verbose`,
      details: lines,
    });
  }

  /**
   * A map of the loaded object.
   *
   * @param name Its name.
   * @returns The map; it outlives the object.
   * @throws {DataplaneError} When there is none.
   */
  map(name: string): BpfMap {
    const fd = check(libbpf().bpf_map__fd(this.#map(name)), "find map", name);
    return BpfMap.byId(queryInfo(kernel.BpfMapInfo, fd).id);
  }

  /**
   * Lists the maps.
   *
   * @returns Names as `map` takes them; sections begin with a dot.
   */
  mapNames(): readonly string[] {
    const names: string[] = [];
    let map = libbpf().bpf_object__next_map(this.#object, null);
    while (map !== null) {
      // libbpf puts the object's name before .rodata, .data and .bss, where find_by_name wants none.
      names.push(fromCString(libbpf().bpf_map__name(map)).replace(/^[^.]+(?=\.)/, ""));
      map = libbpf().bpf_object__next_map(this.#object, map);
    }
    return names;
  }

  /**
   * A program of the loaded object.
   *
   * @param name Its function's name.
   * @returns The program; it outlives the object.
   * @throws {DataplaneError} When there is none.
   */
  program(name: string): BpfProgram {
    const program = libbpf().bpf_object__find_program_by_name(this.#object, cString(name));
    checkErrno(program === null, "find program", name);
    const fd = check(libbpf().bpf_program__fd(program), "find program", name);
    return BpfProgram.byId(queryInfo(kernel.BpfProgInfo, fd).id);
  }

  [Symbol.dispose](): void {
    if (this.#object !== null) libbpf().bpf_object__close(this.#object);
    this.#object = null;
  }

  #map(name: string): Deno.PointerValue {
    const map = libbpf().bpf_object__find_map_by_name(this.#object, cString(name));
    checkErrno(map === null, "find map", name);
    return map;
  }
}
