/**
 * Runs a weir command line and kills itself with SIGKILL after so many writes to the kernel: a program
 * of the tests, which the product knows nothing of. Arguments: writes, then the command line.
 */
import { denoHost } from "../../cli/deno_host.ts";
import { runCli } from "../../cli/run.ts";
import type { Dataplane, Write } from "../../core/dataplane.ts";

const [after = "0", ...words] = Deno.args;
let left = Number(after);

function mortal(dataplane: Dataplane): Dataplane {
  const write = (write: Write) => {
    dataplane.write(write);
    if (--left === 0) Deno.kill(Deno.pid, "SIGKILL");
  };
  // Methods keep their own `this`: the class has private fields.
  return new Proxy(dataplane, {
    get(target, name) {
      if (name === "write") return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const host = denoHost();
const code = await runCli(words, {
  ...host,
  openDataplane: async (balancer) => {
    const dataplane = await host.openDataplane(balancer);
    return dataplane === null ? null : mortal(dataplane);
  },
});
Deno.exit(code);
