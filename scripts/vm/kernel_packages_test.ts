import assert from "node:assert/strict";
import { kernelPackages } from "./kernel_packages.ts";

const ARCHIVE = [
  "linux-image-5.10.0-9-cloud-amd64",
  "linux-image-5.10.0-46-cloud-amd64",
  "linux-image-5.10.0-46-amd64",
  "linux-image-5.10.0-46-cloud-amd64-dbg",
  "linux-image-6.1.0-56-cloud-amd64",
  "linux-image-6.18.9+deb13-cloud-amd64",
  "linux-image-6.18.15+deb13-cloud-amd64",
  "linux-image-7.1.2+deb13-cloud-amd64",
  "linux-binary-7.1.2+deb13-cloud-amd64",
  "linux-image-7.3.4+deb13-cloud-amd64",
  "linux-binary-7.3.4+deb13-cloud-amd64",
  "linux-modules-7.3.4+deb13-cloud-amd64",
  "linux-base-7.3.4+deb13-cloud-amd64",
  "linux-image-7.3.5+deb13-cloud-amd64",
  "linux-binary-7.3.5+deb13-cloud-amd64",
];

Deno.test("kernelPackages() takes the newest of a line by number, not by letter", () => {
  assert.equal(kernelPackages("5.10", ARCHIVE).release, "5.10.0-46-cloud-amd64");
  assert.equal(kernelPackages("6.18", ARCHIVE).release, "6.18.15+deb13-cloud-amd64");
});

Deno.test("kernelPackages() does not take 6.18 for 6.1", () => {
  assert.deepEqual(kernelPackages("6.1", ARCHIVE).packages, ["linux-image-6.1.0-56-cloud-amd64"]);
});

Deno.test("kernelPackages() takes the newest kernel whose parts are all there", () => {
  assert.deepEqual(kernelPackages("7.3", ARCHIVE).packages, [
    "linux-binary-7.3.4+deb13-cloud-amd64",
    "linux-modules-7.3.4+deb13-cloud-amd64",
    "linux-base-7.3.4+deb13-cloud-amd64",
  ]);
});

Deno.test("kernelPackages() says which line has no complete kernel", () => {
  assert.throws(() => kernelPackages("7.1", ARCHIVE), /complete kernel "7.1": the archive has 1$/);
});
