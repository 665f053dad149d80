/** Paints text, or leaves it as it is where colour is not wanted. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/**
 * A style with or without colour.
 *
 * @param colour whether escape sequences are wanted
 */
export function style(colour: boolean): Style {
  const paint = (on: number, off: number) => (text: string) =>
    colour && text !== "" ? `\x1b[${on}m${text}\x1b[${off}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
  };
}

/**
 * Whether output should be coloured: on a terminal that can, unless NO_COLOR (no-color.org) says no.
 *
 * @param isTerminal whether a person reads it
 * @param env environment variables
 */
export function wantsColour(
  isTerminal: boolean,
  env: (name: string) => string | undefined,
): boolean {
  return isTerminal && (env("NO_COLOR") ?? "") === "" && env("TERM") !== "dumb";
}
