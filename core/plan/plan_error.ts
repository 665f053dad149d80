/** A wish that cannot be planned; nothing was written. */
export class PlanError extends Error {
  /** What the operator can do about it; null if the message says it all. */
  readonly hint: string | null;

  /**
   * @param message one line: what cannot be done, on what
   * @param hint what to do about it
   */
  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = "PlanError";
    this.hint = hint;
  }
}
