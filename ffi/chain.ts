import { BpfMap } from "./bpf_map.ts";
import { BpfProgram } from "./bpf_program.ts";
import { DataplaneError } from "./errors.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { indexKey, keyIndex } from "./struct_map.ts";

/** Where another program lets others run behind it: a pinned program array, as katran's root has. */
export interface ChainPlace {
  /** File of the array in a bpffs. */
  readonly path: string;
  /** Slot from 0; katran takes 2, the last one. */
  readonly slot: number;
}

/** A slot of a program array. */
export class ChainSlot implements Disposable {
  readonly slot: number;
  readonly #array: BpfMap;

  /**
   * Opens a slot of a pinned program array.
   *
   * @param place The array and the slot.
   * @throws {DataplaneError} When there is no such array, or it has no such slot.
   */
  static open({ path, slot }: ChainPlace): ChainSlot {
    using guard = new DisposableStack();
    const array = guard.use(BpfMap.open(path));
    const { type, max_entries } = array.info;
    const reason = type !== kernel.BPF_MAP_TYPE_PROG_ARRAY
      ? "it is no program array"
      : slot >= max_entries
      ? `it has ${max_entries} slots, 0 to ${max_entries - 1}`
      : null;
    if (reason !== null) {
      const action = `use slot ${slot} of`;
      throw new DataplaneError({ action, object: path, errno: null, reason, hint: null });
    }
    guard.move();
    return new ChainSlot(array, slot);
  }

  private constructor(array: BpfMap, slot: number) {
    this.#array = array;
    this.slot = slot;
  }

  /** Number in the kernel of the program in the slot; null: none. */
  programId(): number | null {
    const id = this.#array.lookup(indexKey(this.slot));
    return id === null ? null : keyIndex(id);
  }

  /** Name and number of the program in the slot, for messages; null: none. */
  program(): { readonly id: number; readonly name: string } | null {
    const id = this.programId();
    if (id === null) return null;
    using program = BpfProgram.byId(id);
    return { id, name: program.info().name };
  }

  /** Puts a program into the slot, in place of the one that is there. */
  set(program: BpfProgram): void {
    this.#array.update(indexKey(this.slot), indexKey(program.fd));
  }

  /** Empties the slot. */
  clear(): void {
    this.#array.delete(indexKey(this.slot));
  }

  /** Gives the array another name in a bpffs. */
  pin(path: string): void {
    this.#array.pin(path);
  }

  [Symbol.dispose](): void {
    this.#array[Symbol.dispose]();
  }
}
