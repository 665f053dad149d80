/**
 * Text of somebody else for a terminal: control characters, which could redraw the screen, show as
 * escapes. Line feeds stay.
 *
 * @param text any text
 */
export function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(2, "0");
    return `\\x${code}`;
  });
}
