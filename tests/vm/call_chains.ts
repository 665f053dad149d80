/** Linux before 6.10 rounds each frame up to so many bytes, and counts at least one. */
const ROUNDED_TO = 32;

/** A function, what it calls, and the stack they need together. */
export interface CallChain {
  /** The deepest chain, outermost first. */
  readonly names: readonly string[];
  /** Bytes of stack as the verifier of old kernels adds them up. */
  readonly bytes: number;
}

interface Frame {
  bytes: number;
  readonly callees: Set<string>;
}

/**
 * Finds the deepest chain of calls in a BPF object.
 *
 * @param disassembly What `llvm-objdump -d -r --no-show-raw-insn` prints.
 * @param name The function that begins it.
 * @returns The chain.
 * @throws {Error} When there is no such function.
 */
export function deepestChain(disassembly: string, name: string): CallChain {
  return follow(readFrames(disassembly), name);
}

function follow(frames: ReadonlyMap<string, Frame>, name: string): CallChain {
  const frame = frames.get(name);
  if (frame === undefined) throw new Error(`Cannot find function "${name}" in the disassembly`);
  const below = [...frame.callees].map((callee) => follow(frames, callee));
  const deepest = below.reduce((a, b) => b.bytes > a.bytes ? b : a, { names: [], bytes: 0 });
  const own = Math.ceil(Math.max(frame.bytes, 1) / ROUNDED_TO) * ROUNDED_TO;
  return { names: [`${name} ${own}`, ...deepest.names], bytes: own + deepest.bytes };
}

/** Lowest offset from the frame pointer r10, and relocations of calls, function by function. */
function readFrames(disassembly: string): ReadonlyMap<string, Frame> {
  const frames = new Map<string, Frame>();
  let frame: Frame | undefined;
  let pointer: string | undefined;
  for (const line of disassembly.split("\n")) {
    const name = /^[0-9a-f]+ <((?!LBB)\w+)>:$/.exec(line)?.[1];
    if (name !== undefined) frames.set(name, frame = { bytes: 0, callees: new Set() });
    if (frame === undefined) continue;
    const callee = /R_BPF_64_32\s+(\w+)$/.exec(line)?.[1];
    if (callee !== undefined && callee !== ".text") frame.callees.add(callee);
    const access = /\(r10 - 0x([0-9a-f]+)\)/.exec(line)?.[1];
    // r2 = r10, then r2 += -0x18: the address of a variable.
    const address = pointer && new RegExp(`${pointer} \\+= -0x([0-9a-f]+)$`).exec(line)?.[1];
    pointer = /(r\d) = r10$/.exec(line)?.[1];
    for (const offset of [access, address]) {
      if (offset) frame.bytes = Math.max(frame.bytes, parseInt(offset, 16));
    }
  }
  return frames;
}
