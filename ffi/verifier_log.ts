/** Lines of a verifier log that say how much was done, not what went wrong. */
const STATISTICS =
  /^(processed \d+ insns|verification time|stack depth|-- (BEGIN|END) PROG LOAD LOG|$)/;

/** The verifier's complaint. */
export interface VerifierSummary {
  /** The last line that says what is wrong; empty when there is none. */
  readonly line: string;
  /** Lines left out. */
  readonly omitted: number;
}

/**
 * Finds the one line of a load log that matters: the last before the statistics.
 *
 * @param log What libbpf printed.
 * @returns The line, and how many others there are.
 */
export function summarizeLog(log: readonly string[]): VerifierSummary {
  const begin = log.findIndex((line) => line.includes("BEGIN PROG LOAD LOG"));
  const end = log.findIndex((line) => line.includes("END PROG LOAD LOG"));
  const verifier = begin < 0 ? log : log.slice(begin, end < begin ? undefined : end);
  // 7.3 goes on to explain; the complaint is the line before.
  const explained = verifier.findIndex((line) => line.startsWith("Verification failed:"));
  const complaint = explained < 0 ? verifier : verifier.slice(0, explained);
  const line = complaint.findLast((line) => !STATISTICS.test(line)) ?? "";
  return { line, omitted: Math.max(0, log.length - 1) };
}
