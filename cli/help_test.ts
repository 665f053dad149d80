import { equal, ok } from "node:assert/strict";
import { app } from "./app.ts";
import { ROOT_HELP } from "./help.ts";
import { VERSION } from "./version.ts";

Deno.test("ROOT_HELP fits a screen of 24 by 80, with room for the next prompt", () => {
  const lines = ROOT_HELP.trimEnd().split("\n");
  ok(lines.length < 24, `${lines.length} lines`);
  for (const line of lines) ok(line.length <= 80, line);
});

/** Names of all routes below a target. */
function words(target: typeof app.root): readonly string[] {
  if (!("getAllEntries" in target)) return [];
  return target.getAllEntries().flatMap(({ name, target }) => [name.original, ...words(target)]);
}

Deno.test("ROOT_HELP names every command", () => {
  for (const word of words(app.root)) ok(ROOT_HELP.includes(word), word);
});

Deno.test("VERSION is that of deno.json", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  equal(VERSION, config.version);
});
