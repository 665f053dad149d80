/**
 * Reads `--name value` arguments of a task.
 *
 * @param args The arguments.
 * @param defaults Known names with the values they have if not given.
 * @returns All values.
 * @throws {Error} If a name is unknown or a value is no number.
 */
export function parseArguments<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, number>>,
): Readonly<Record<Name, number>> {
  const values: Record<Name, number> = { ...defaults };
  const known = (name: string): name is Name => Object.hasOwn(defaults, name);
  for (let at = 0; at < args.length; at += 2) {
    const name = (args[at] ?? "").replace(/^--/, "");
    const value = Number(args[at + 1] ?? NaN);
    if (!known(name) || !Number.isSafeInteger(value) || value < 0) {
      const wanted = Object.keys(defaults).map((each) => `--${each} N`).join(" ");
      throw new Error(`Cannot read "${args.join(" ")}", expected ${wanted}`);
    }
    values[name] = value;
  }
  return values;
}
