import type { BpfLink } from "./bpf_link.ts";
import type { BpfProgram } from "./bpf_program.ts";
import type { ChainSlot } from "./chain.ts";

/** The place that packets reach a program by: an interface, or a slot of another program's chain. */
export interface Hook extends Disposable {
  /** Number of the program in the kernel that is there; null: none, or the interface is gone. */
  programId(): number | null;
  /**
   * Replaces the program between two packets.
   *
   * @throws {DataplaneError} When the kernel refuses.
   */
  replace(next: BpfProgram): void;
  /**
   * Takes the program away, whoever else holds it.
   *
   * @throws {DataplaneError} When the kernel refuses.
   */
  detach(): void;
}

/**
 * An interface as a hook.
 *
 * @param link Its link; disposing of the hook closes it.
 */
export function linkHook(link: BpfLink): Hook {
  return {
    programId: () => {
      const { prog_id, xdp_ifindex } = link.info();
      // A link whose interface is gone keeps its program but names no interface.
      return xdp_ifindex === 0 ? null : prog_id;
    },
    replace: (next) => link.update(next),
    detach: () => link.detach(),
    [Symbol.dispose]: () => link[Symbol.dispose](),
  };
}

/**
 * A slot of a chain as a hook.
 *
 * @param chain The slot; disposing of the hook closes it.
 */
export function chainHook(chain: ChainSlot): Hook {
  return {
    programId: () => chain.programId(),
    replace: (next) => chain.set(next),
    detach: () => chain.clear(),
    [Symbol.dispose]: () => chain[Symbol.dispose](),
  };
}
