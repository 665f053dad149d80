import { equal } from "node:assert/strict";
import { CliError, explainError } from "./errors.ts";
import { Exit, exitCode } from "./exit.ts";

Deno.test("exitCode() is the command's, unless stricli could not read the line", () => {
  equal(exitCode(0, Exit.degraded), 4);
  equal(exitCode(-4, Exit.ok), 64);
  equal(exitCode(-5, Exit.ok), 64);
  equal(exitCode(-1, Exit.ok), 1);
});

Deno.test("explainError() gives one line for what the operator can act on", () => {
  const error = new CliError("Cannot do it", "do that", Exit.partly);
  equal(explainError(error).text, "weir: Cannot do it; do that");
  equal(explainError(error).exit, 3);
  const kernel = Object.assign(new Error("Cannot x: no (EPERM)"), { name: "DataplaneError" });
  equal(explainError(kernel).text, "weir: Cannot x: no (EPERM)");
  const detailed = Object.assign(kernel, { details: ["libbpf: a", "libbpf: b"] });
  equal(explainError(detailed).text, "weir: Cannot x: no (EPERM)");
  equal(explainError(detailed, true).text, "weir: Cannot x: no (EPERM)\nlibbpf: a\nlibbpf: b");
  equal(explainError(new TypeError("oops")).text.includes("please report"), true);
});
