const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads a time with its unit: `90s`, `10m`, `1h30m`.
 *
 * @param input argument
 * @returns seconds
 * @throws {SyntaxError} if it is none, or longer than 30 days
 */
export function parseDuration(input: string): number {
  const parts = [...input.matchAll(/(\d{1,6})([smhd])/g)];
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0),
    0,
  );
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join("") === input;
  if (isWhole && seconds > 0 && seconds <= 30 * 86_400) return seconds;
  throw new SyntaxError(`Expected a time, as in 90s, 10m or 1h30m, but found "${input}"`);
}

/**
 * Writes a time as `parseDuration` reads it.
 *
 * @param seconds 0 or more
 */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [[86_400, "d"], [3600, "h"], [60, "m"], [1, "s"]] as const;
  let rest = whole;
  const text = parts.map(([size, unit]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? "" : `${count}${unit}`;
  }).join("");
  return text === "" ? "0s" : text;
}
