/** What a kernel lacks is found out, and nothing that it has. */
import assert from "node:assert/strict";
import { kernelFeatures } from "../../ffi/kernel_features.ts";
import { rootTest } from "../support/root_test.ts";

const COARSE_CLOCK_SINCE = [5, 11] as const;

rootTest("kernelFeatures() knows what this kernel can do", () => {
  const [major = 0, minor = 0] = Deno.osRelease().split(".").map((part) => parseInt(part));
  const [sinceMajor, sinceMinor] = COARSE_CLOCK_SINCE;
  const has = major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
  assert.equal(kernelFeatures().coarseClock, has);
});
