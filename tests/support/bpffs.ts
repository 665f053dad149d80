import { cString } from "../../ffi/c_string.ts";
import { mountBpffs } from "../../ffi/bpffs.ts";
import { libc } from "../../ffi/libbpf/open.ts";

/** MNT_DETACH. */
const DETACH = 2;

/** A bpffs of a test's own, gone with all its pins when disposed of. */
export class TempBpffs implements Disposable {
  /** The mount point. */
  readonly path: string;

  constructor() {
    this.path = Deno.makeTempDirSync({ prefix: "weir-bpffs-" });
    mountBpffs(this.path);
  }

  [Symbol.dispose](): void {
    libc().umount2(cString(this.path), DETACH);
    Deno.removeSync(this.path);
  }
}
