const PREFIXES = ["", "k", "M", "G", "T", "P", "E"];

/**
 * A number with three significant digits and a decimal prefix: `0`, `12.3`, `1.23 M`.
 *
 * @param value 0 or more
 * @param unit follows the prefix: `bit/s`
 */
export function short(value: number, unit = ""): string {
  let scaled = value;
  let power = 0;
  while (scaled >= 999.5 && power < PREFIXES.length - 1) {
    scaled /= 1000;
    power++;
  }
  const digits = scaled >= 99.95 || Number.isInteger(scaled) ? 0 : scaled >= 9.995 ? 1 : 2;
  const suffix = `${PREFIXES[power] ?? ""}${unit}`;
  return suffix === "" ? scaled.toFixed(digits) : `${scaled.toFixed(digits)} ${suffix}`;
}

/**
 * A count with its thousands apart, for reading: `12,345,678`.
 *
 * @param value any integer
 */
export function grouped(value: bigint | number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * A part of a whole in percent.
 *
 * @param part 0 to whole
 * @param whole 0 gives 0 %
 */
export function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : 100 * part / whole).toFixed(2)} %`;
}

/**
 * Time in UTC: `2026-11-22 20:17:03Z`.
 *
 * @param seconds Unix time
 */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z");
}
