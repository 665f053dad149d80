import { cString } from "./c_string.ts";
import { decode, encode } from "./codec.ts";
import { check } from "./errors.ts";
import { Fd } from "./fd.ts";
import { queryInfo } from "./info.ts";
import * as kernel from "./libbpf/kernel.gen.ts";
import { libbpf } from "./libbpf/open.ts";

/** One run of a program on a packet that was never received. */
export interface TestRun {
  /** The frame, at least 14 bytes. */
  readonly data: Uint8Array;
  /** Struct `xdp_md` or `__sk_buff` as bytes; none: what the kernel fills in. */
  readonly context?: Uint8Array;
  /** Runs; the packet is not restored between them. Default 1. */
  readonly repeat?: number;
}

/** What a program did in a test run. */
export interface TestRunResult {
  /** What it returned: `XDP_*` or `TC_ACT_*`. */
  readonly verdict: number;
  /** The frame as it left it. */
  readonly data: Uint8Array;
  /** Mean of a run, ns. */
  readonly durationNs: number;
}

/** Room for the frame that comes back: the largest a test run can make. */
const OUTPUT_ROOM = 1 << 16;

/** A loaded BPF program. */
export class BpfProgram implements Disposable {
  readonly #fd: Fd;

  private constructor(fd: Fd) {
    this.#fd = fd;
  }

  /**
   * Opens a pinned program.
   *
   * @param path Its file in a bpffs.
   * @returns The program.
   * @throws {DataplaneError} When there is none.
   */
  static open(path: string): BpfProgram {
    const fd = check(libbpf().bpf_obj_get(cString(path)), "open pinned program", path);
    return new BpfProgram(new Fd(fd));
  }

  /**
   * Opens a program by its number in the kernel.
   *
   * @param id The number.
   * @returns The program.
   * @throws {DataplaneError} When there is none.
   */
  static byId(id: number): BpfProgram {
    const fd = check(libbpf().bpf_prog_get_fd_by_id(id), "open program by id", `${id}`);
    return new BpfProgram(new Fd(fd));
  }

  /** The descriptor, for calls into C; the program stays its owner. */
  get fd(): number {
    return this.#fd.number;
  }

  /**
   * Asks the kernel about the program.
   *
   * @returns Name, tag, sizes, run time.
   */
  info(): kernel.BpfProgInfo {
    return queryInfo(kernel.BpfProgInfo, this.fd);
  }

  /**
   * Runs the program on a frame, with its real maps.
   *
   * @param run The frame and how often.
   * @returns Verdict, frame and time.
   * @throws {DataplaneError} When the kernel refuses, as for frames below 14 bytes.
   */
  testRun({ data, context, repeat = 1 }: TestRun): TestRunResult {
    const input = new Uint8Array(data);
    const output = new Uint8Array(OUTPUT_ROOM);
    const contextIn = new Uint8Array(context ?? []);
    const opts = encode(kernel.BpfTestRunOpts, {
      sz: BigInt(kernel.BpfTestRunOpts.size),
      data_in: address(input),
      data_out: address(output),
      data_size_in: input.length,
      data_size_out: output.length,
      ctx_in: contextIn.length === 0 ? 0n : address(contextIn),
      ctx_out: 0n,
      ctx_size_in: contextIn.length,
      ctx_size_out: 0,
      retval: 0,
      repeat,
      duration: 0,
      flags: 0,
      cpu: 0,
      batch_size: 0,
    });
    check(libbpf().bpf_prog_test_run_opts(this.fd, opts), "test-run program", null, {
      EINVAL: "a frame needs at least 14 bytes and must fit a page",
    });
    const result = decode(kernel.BpfTestRunOpts, opts);
    return {
      verdict: result.retval,
      data: output.slice(0, result.data_size_out),
      durationNs: result.duration,
    };
  }

  /**
   * Gives the program a name in a bpffs, so that it outlives the process.
   *
   * @param path A file that is not there yet.
   * @throws {DataplaneError} When the kernel refuses.
   */
  pin(path: string): void {
    check(libbpf().bpf_obj_pin(this.fd, cString(path)), "pin program", path);
  }

  [Symbol.dispose](): void {
    this.#fd[Symbol.dispose]();
  }
}

/** Address of memory that the caller keeps alive over the call. */
function address(bytes: Uint8Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes));
}
