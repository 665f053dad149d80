import { errno } from "./errno.ts";
import { libc } from "./libbpf/open.ts";

/** What to do about an error, by errno name. */
export type Hints = Readonly<Record<string, string>>;

/** What is known of a failed operation. */
export interface DataplaneErrorInfo {
  /** What was tried: `update map`. */
  readonly action: string;
  /** On what: a map, path or interface; null where the action says it. */
  readonly object: string | null;
  /** Positive; null when the kernel was not the one to refuse. */
  readonly errno: number | null;
  /** Why, where no errno tells. */
  readonly reason?: string;
  /** What to do about it; null when we do not know. */
  readonly hint: string | null;
  /** All that libbpf and the verifier said, for `--verbose`. */
  readonly details?: readonly string[];
}

/** An operation on the data plane that failed. */
export class DataplaneError extends Error {
  override readonly name = "DataplaneError";
  readonly action: string;
  readonly object: string | null;
  readonly errno: number | null;
  /** Like `EPERM`; null without an errno. */
  readonly errnoName: string | null;
  readonly hint: string | null;
  /** All that libbpf and the verifier said, for `--verbose`; often nothing. */
  readonly details: readonly string[];

  /**
   * @param info What failed and why.
   * @param options The cause, if another error is it.
   */
  constructor(info: DataplaneErrorInfo, options?: ErrorOptions) {
    super(describe(info), options);
    this.action = info.action;
    this.object = info.object;
    this.errno = info.errno;
    this.errnoName = info.errno === null ? null : errno(info.errno).name;
    this.hint = info.hint;
    this.details = info.details ?? [];
  }
}

/** Causes that hold wherever the errno turns up. */
const GENERAL_HINTS: Hints = {
  EPERM: "run weir as root",
  EACCES: "run weir as root",
  ENOMEM: "free memory or choose smaller sizes when attaching",
  EMFILE: "raise the limit of open files (ulimit -n)",
};

/**
 * Turns the `-errno` of a libbpf call into an error.
 *
 * @param result What the call returned.
 * @param action What was tried, as in "Cannot <action>".
 * @param object On what.
 * @param hints What to do by errno name, where this call knows more than the general hints.
 * @returns The result, 0 or more.
 * @throws {DataplaneError} When the result is negative.
 */
export function check(
  result: number,
  action: string,
  object: string | null = null,
  hints: Hints = {},
): number {
  if (result >= 0) return result;
  const { name, number } = errno(result);
  const hint = hints[name] ?? GENERAL_HINTS[name] ?? null;
  throw new DataplaneError({ action, object, errno: number, hint });
}

/**
 * The same for calls that return -1 or NULL and set errno. Call it right after them.
 *
 * @param failed Whether the call failed.
 * @param action What was tried.
 * @param object On what.
 * @param hints What to do by errno name.
 * @throws {DataplaneError} When the call failed.
 */
export function checkErrno(
  failed: boolean,
  action: string,
  object: string | null = null,
  hints: Hints = {},
): void {
  if (failed) check(-lastErrno(), action, object, hints);
}

function lastErrno(): number {
  const location = libc().__errno_location();
  // EIO where errno was not set: a failure must never look like success.
  return location === null ? 5 : new Deno.UnsafePointerView(location).getInt32() || 5;
}

function describe({ action, object, errno: number, reason, hint }: DataplaneErrorInfo): string {
  const subject = object === null ? "" : ` "${object}"`;
  const cause = number === null ? "" : `: ${errno(number).text} (${errno(number).name})`;
  const more = [reason, hint].filter((part) => part !== undefined && part !== null);
  const tail = more.length === 0 ? "" : `${cause === "" ? ": " : "; "}${more.join("; ")}`;
  return `Cannot ${action}${subject}${cause}${tail}`;
}
