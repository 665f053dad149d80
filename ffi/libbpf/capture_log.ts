import { libbpf, libc } from "./open.ts";

/** Long enough for every line but a verifier log, which says its length. */
const FIRST_TRY = 4096;
/** sizeof(va_list): 24 on x86-64, 32 on arm64; both pass it by address. */
const VA_LIST_SIZE = 32;

/**
 * Runs a function and collects what libbpf prints meanwhile.
 *
 * @param lines Receives the lines, without the "libbpf: " before them; also when `run` throws.
 * @param run Calls libbpf.
 * @returns What `run` returns.
 */
export function captureLog<T>(lines: string[], run: () => T): T {
  const callback = new Deno.UnsafeCallback(
    { parameters: ["i32", "pointer", "pointer"], result: "i32" } as const,
    (_level, format, args) => {
      const text = formatMessage(format, args);
      lines.push(...text.replace(/^libbpf: /, "").trimEnd().split("\n"));
      return 0;
    },
  );
  libbpf().libbpf_set_print(callback.pointer);
  try {
    return run();
  } finally {
    libbpf().libbpf_set_print(null);
    callback.close();
  }
}

function formatMessage(format: Deno.PointerValue, args: Deno.PointerValue): string {
  if (args === null) return "";
  // vsnprintf uses up the list, so each try gets a copy of its own.
  const list = new Deno.UnsafePointerView(args);
  let size = FIRST_TRY;
  for (;;) {
    const buffer = new Uint8Array(size);
    const copy = new Uint8Array(list.getArrayBuffer(VA_LIST_SIZE).slice(0));
    const length = libc().vsnprintf(buffer, BigInt(size), format, Deno.UnsafePointer.of(copy));
    if (length < size) return new TextDecoder().decode(buffer.subarray(0, Math.max(0, length)));
    size = length + 1;
  }
}
