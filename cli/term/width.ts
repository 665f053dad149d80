// deno-lint-ignore no-control-regex -- the escape sequences of ansi.ts
const ESCAPES = /\x1b\[[0-9;]*m/g;
// deno-lint-ignore no-control-regex -- an escape sequence, or one character
const TOKENS = /\x1b\[[0-9;]*m|[^]/gu;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** East Asian wide characters and emoji, coarsely: names may hold them, nothing else here does. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/**
 * Columns that text takes on a terminal; colours take none.
 *
 * @param text one line
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.replace(ESCAPES, "")) width += characterWidth(character);
  return width;
}

/**
 * Shortens text to a width; what is cut leaves an ellipsis. Colours end as they would have.
 *
 * @param text one line
 * @param width columns, at least 1
 */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const [token] of text.matchAll(TOKENS)) {
    if (token.startsWith("\x1b[")) kept += token;
    else if (used < width) {
      const next = characterWidth(token);
      kept += used + next > width - 1 ? "…" : token;
      used = used + next > width - 1 ? width : used + next;
    }
  }
  return kept;
}

function characterWidth(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
