import assert from "node:assert/strict";
import { check, DataplaneError } from "./errors.ts";

Deno.test("check() returns what is no error", () => {
  assert.equal(check(0, "do it"), 0);
  assert.equal(check(7, "do it"), 7);
});

Deno.test("check() names action, object, errno and what to do", () => {
  assert.throws(
    () => check(-7, "update map", "reals", { E2BIG: "the map is full" }),
    (error: unknown) => {
      assert.ok(error instanceof DataplaneError);
      assert.equal(
        error.message,
        'Cannot update map "reals": argument list too long (E2BIG); the map is full',
      );
      assert.deepEqual(
        [error.action, error.object, error.errno, error.errnoName, error.hint],
        ["update map", "reals", 7, "E2BIG", "the map is full"],
      );
      return true;
    },
  );
});

Deno.test("check() has a hint for missing rights wherever they are missing", () => {
  assert.throws(() => check(-1, "load it"), {
    message: "Cannot load it: operation not permitted (EPERM); run weir as root",
  });
});

Deno.test("check() says nothing it does not know", () => {
  assert.throws(() => check(-22, "load it"), {
    message: "Cannot load it: invalid argument (EINVAL)",
    hint: null,
  });
});

Deno.test("DataplaneError without errno gives the reason", () => {
  const error = new DataplaneError({
    action: "find balancer",
    object: "main",
    errno: null,
    reason: "no balancer is attached",
    hint: "attach one",
  });
  assert.equal(
    error.message,
    'Cannot find balancer "main": no balancer is attached; attach one',
  );
});
