/** A file of an archive. */
export interface CpioEntry {
  /** Path without a leading slash. */
  readonly path: string;
  /** Type and permission bits, as `st_mode`. */
  readonly mode: number;
  readonly content: Uint8Array;
}

/** `st_mode` of an executable file. */
export const EXECUTABLE = 0o100755;
/** `st_mode` of a directory. */
export const DIRECTORY = 0o040755;
/** `st_mode` of a symbolic link; its content is the target. */
export const LINK = 0o120777;

const END: CpioEntry = { path: "TRAILER!!!", mode: 0, content: new Uint8Array() };

/**
 * An archive in the "newc" format, which the kernel unpacks as its first root (its documentation:
 * driver-api/early-userspace/buffer-format.rst).
 *
 * @param entries Files; directories before what they hold.
 * @returns The archive.
 */
export function cpio(entries: readonly CpioEntry[]): Uint8Array {
  const parts = [...entries, END].flatMap(({ path, mode, content }, index) => {
    const name = new TextEncoder().encode(`${path}\0`);
    return [padded(header(index + 1, mode, content.length, name.length), name), padded(content)];
  });
  return joined(parts);
}

function header(inode: number, mode: number, size: number, nameSize: number): Uint8Array {
  const links = 1;
  const fields = [inode, mode, 0, 0, links, 0, size, 0, 0, 0, 0, nameSize, 0];
  const digits = fields.map((field) => field.toString(16).padStart(8, "0")).join("");
  return new TextEncoder().encode(`070701${digits}`);
}

/** The parts joined and filled up to a multiple of four bytes. */
function padded(...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return joined([...parts, new Uint8Array((4 - length % 4) % 4)]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
